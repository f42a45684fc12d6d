using System.Globalization;

namespace K8sConsul.Hcl;

/// <summary>From syntax to values: a repeated block joins the list of its earlier ones, a repeated scalar replaces the earlier.</summary>
internal static class HclMerge
{
    public static ConfigObject ToObject(string name, IReadOnlyList<HclItem> items, SourcePosition position)
    {
        var members = new List<KeyValuePair<string, ConfigValue>>();
        var values = new Dictionary<string, ConfigValue>(StringComparer.Ordinal);
        var labelled = new HashSet<string>(StringComparer.Ordinal);
        foreach (HclItem item in items)
        {
            if (item.Keys.Count == 0)
            {
                throw new HclRefusedException(items[0].Position, $"{name}: map must have string keys");
            }

            string key = item.KeyText(0);
            if (labelled.Contains(key))
            {
                continue;
            }

            HclNode node = item.Value;
            if (item.Keys.Count > 1)
            {
                // Blocks with labels are taken together, where the first of them stands.
                node = AllOf(key, items);
                labelled.Add(key);
            }

            string path = $"{name}.{key}";
            ConfigValue value = values.TryGetValue(key, out ConfigValue? earlier)
                ? Join(path, earlier, node)
                : ToValue(path, node, insideList: false);
            values[key] = value;
            members.Add(new KeyValuePair<string, ConfigValue>(key, value));
        }

        return new ConfigObject(members, position);
    }

    /// <summary>An object is a list of one block, except directly within a list.</summary>
    private static ConfigValue ToValue(string name, HclNode node, bool insideList)
    {
        return node switch
        {
            HclLiteralNode literal => ToScalar(literal.Token),
            HclObjectNode block when insideList => ToObject(name, block.Items, block.Position),
            HclListNode list => new ConfigList(ToItems(name, list, asBlocks: false), isBlocks: false, list.Position),
            _ => new ConfigList(ToItems(name, node, asBlocks: true), isBlocks: true, node.Position),
        };
    }

    /// <summary>The later value is read as what the earlier one was.</summary>
    private static ConfigValue Join(string name, ConfigValue earlier, HclNode node)
    {
        switch (earlier)
        {
            case ConfigList list:
                list.Append(ToItems(name, node, list.IsBlocks));
                return list;
            case ConfigText:
                return node is HclLiteralNode text
                    ? new ConfigText(text.Token.Type is HclTokenType.String or HclTokenType.Heredoc
                        ? TextOf(text.Token)
                        : text.Token.Text, node.Position)
                    : throw new HclRefusedException(node.Position, $"{name}: unknown type for string {node.GoTypeName}");
            case ConfigFlag when node is HclLiteralNode { Token.Type: HclTokenType.Bool } flag:
                return ToScalar(flag.Token);
            case ConfigInteger when node is HclLiteralNode { Token.Type: HclTokenType.Number } number:
                return ToScalar(number.Token);
            case ConfigInteger when node is HclLiteralNode { Token.Type: HclTokenType.String } quoted:
                return Integer(TextOf(quoted.Token), node.Position);
            case ConfigReal when node is HclLiteralNode { Token.Type: HclTokenType.Float or HclTokenType.Number } real:
                return Real(real.Token.Text, node.Position);
            default:
                throw new HclRefusedException(node.Position, $"{name}: unknown type {node.GoTypeName}");
        }
    }

    private static List<ConfigValue> ToItems(string name, HclNode node, bool asBlocks)
    {
        var values = new List<ConfigValue>();
        switch (node)
        {
            case HclObjectNode block:
                values.Add(ToObject(Indexed(name, 0), block.Items, block.Position));
                return values;
            case HclItemsNode labelled:
                foreach (HclItem item in labelled.Items)
                {
                    values.Add(ToObject(Indexed(name, values.Count), [item], item.Position));
                }

                return values;
            case HclListNode list:
                foreach (HclNode item in list.Items)
                {
                    string path = Indexed(name, values.Count);
                    if (asBlocks && item is not HclObjectNode)
                    {
                        throw new HclRefusedException(item.Position, $"{path}: not an object type for map ({item.GoTypeName})");
                    }

                    values.Add(ToValue(path, item, insideList: true));
                }

                return values;
            default:
                throw new HclRefusedException(node.Position, $"unknown slice type: {node.GoTypeName}");
        }
    }

    private static HclItemsNode AllOf(string key, IReadOnlyList<HclItem> items)
    {
        var matching = new List<HclItem>();
        foreach (HclItem item in items)
        {
            if (item.Keys.Count > 0 && string.Equals(item.KeyText(0), key, StringComparison.Ordinal))
            {
                matching.Add(item with { Keys = [.. item.Keys.Skip(1)] });
            }
        }

        return new HclItemsNode(matching, matching[0].Position);
    }

    private static ConfigValue ToScalar(HclToken token)
    {
        return token.Type switch
        {
            HclTokenType.Bool => new ConfigFlag(string.Equals(token.Text, "true", StringComparison.Ordinal), token.Position),
            HclTokenType.Number => Integer(token.Text, token.Position),
            HclTokenType.Float => Real(token.Text, token.Position),
            HclTokenType.String or HclTokenType.Heredoc => new ConfigText(TextOf(token), token.Position),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    private static ConfigInteger Integer(string text, SourcePosition position)
    {
        return HclLiteral.TryParseInteger(text, out long value, out string error)
            ? new ConfigInteger(value, text, position)
            : throw new HclRefusedException(error);
    }

    private static ConfigReal Real(string text, SourcePosition position)
    {
        return HclLiteral.TryParseReal(text, out double value, out string error)
            ? new ConfigReal(value, text, position)
            : throw new HclRefusedException(error);
    }

    private static string TextOf(HclToken token)
    {
        if (token.Type == HclTokenType.Heredoc)
        {
            return HclLiteral.HeredocText(token.Text);
        }

        return HclLiteral.TryUnquote(token.Text, out string value)
            ? value
            : throw new HclRefusedException(token.Position, $"unquote {token.Text} err: invalid syntax");
    }

    private static string Indexed(string name, int index)
    {
        return string.Create(CultureInfo.InvariantCulture, $"{name}[{index}]");
    }
}
