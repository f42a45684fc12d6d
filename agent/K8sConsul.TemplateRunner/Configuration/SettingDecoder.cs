using System.Diagnostics;
using System.Globalization;
using K8sConsul.Go;
using K8sConsul.Hcl;

namespace K8sConsul.TemplateRunner.Configuration;

/// <summary>From a tree to settings by the schema. Scalars are converted where that is possible without loss: <c>"true"</c> is a flag.</summary>
internal sealed class SettingDecoder
{
    private readonly List<string> _mistakes = [];
    private readonly List<string> _warnings = [];

    /// <param name="tree">A whole file.</param>
    /// <param name="warnings">Old names, and numbers that are probably not what was meant.</param>
    /// <param name="error">Every mistake; empty for none.</param>
    public static SettingMap Decode(ConfigObject tree, List<string> warnings, out string error)
    {
        var decoder = new SettingDecoder();
        var map = new SettingMap();
        decoder.DecodeMembers(tree, SettingSchema.Root, map, string.Empty, string.Empty);
        warnings.AddRange(decoder._warnings);
        decoder._mistakes.Sort(StringComparer.Ordinal);
        error = decoder._mistakes.Count == 0 ? string.Empty : string.Create(
            CultureInfo.InvariantCulture,
            $"{decoder._mistakes.Count} error(s) decoding:\n\n{string.Join('\n', decoder._mistakes.Select(static m => $"* {m}"))}");
        return map;
    }

    /// <param name="tree">The block.</param>
    /// <param name="schema">Its keys.</param>
    /// <param name="map">Where its values go.</param>
    /// <param name="path">Of the block within <paramref name="map"/>, with a dot at its end unless empty.</param>
    /// <param name="shown">The block's name in texts.</param>
    private void DecodeMembers(ConfigObject tree, SettingBlock schema, SettingMap map, string path, string shown)
    {
        List<string> unknown = [];
        foreach (string key in tree.Keys)
        {
            ConfigValue value = tree[key];
            if (value is ConfigNull)
            {
                continue;
            }

            string name = shown.Length == 0 ? key : $"{shown}.{key}";
            if (ReferenceEquals(schema, SettingSchema.Root) && key is "template")
            {
                DecodeTemplates(value, map);
            }
            else if (schema.Members.TryGetValue(key, out SettingNode? node))
            {
                DecodeNode(value, node, map, path, key, name);
            }
            else
            {
                unknown.Add(key);
            }
        }

        if (unknown.Count > 0)
        {
            unknown.Sort(StringComparer.Ordinal);
            _mistakes.Add($"'{shown}' has invalid keys: {string.Join(", ", unknown)}");
        }
    }

    private void DecodeNode(ConfigValue value, SettingNode node, SettingMap map, string path, string key, string name)
    {
        if (node is SettingAlias alias)
        {
            _warnings.Add($"{name} is deprecated: use {path}{alias.Path}");
            (key, node) = (alias.Path, alias.Node);
        }

        switch (node)
        {
            case SettingLeaf leaf:
                DecodeLeaf(value, leaf.Type, map, path + key, name);
                break;
            case SettingBlock { ReadText: { } read } when Single(value) is ConfigText text:
                if (key is "consul")
                {
                    _warnings.Add("consul as a string is deprecated: use consul { address = \"...\" }");
                }

                string mistake = read(map, path + key, text.Value);
                if (mistake.Length > 0)
                {
                    _mistakes.Add($"error decoding '{name}': {mistake}");
                }

                break;
            case SettingBlock block:
                DecodeBlock(value, block, map, path + key + ".", name);
                break;
            default:
                throw new UnreachableException();
        }
    }

    /// <summary>A block that is given again adds to the former.</summary>
    private void DecodeBlock(ConfigValue value, SettingBlock block, SettingMap map, string path, string name)
    {
        foreach (ConfigValue item in value is ConfigList list ? list.Items : [value])
        {
            if (item is ConfigObject tree)
            {
                DecodeMembers(tree, block, map, path, name);
            }
            else
            {
                _mistakes.Add($"'{name}' expected a map, got '{item.GoKind}'");
            }
        }
    }

    private void DecodeTemplates(ConfigValue value, SettingMap map)
    {
        IReadOnlyList<ConfigValue> items = value is ConfigList list ? list.Items : [value];
        for (int i = 0; i < items.Count; i++)
        {
            string name = string.Create(CultureInfo.InvariantCulture, $"template[{i}]");
            if (items[i] is ConfigObject tree)
            {
                var template = new SettingMap();
                DecodeMembers(tree, SettingSchema.Template, template, string.Empty, name);
                map.AddTemplate(template);
            }
            else
            {
                _mistakes.Add($"'{name}' expected a map, got '{items[i].GoKind}'");
            }
        }
    }

    private void DecodeLeaf(ConfigValue value, SettingType type, SettingMap map, string path, string name)
    {
        if (type is SettingType.Texts or SettingType.Command)
        {
            IReadOnlyList<ConfigValue> items = value is ConfigList list ? list.Items : [value];
            string?[] texts = [.. items.Select((item, i) => ToText(item, string.Create(CultureInfo.InvariantCulture, $"{name}[{i}]")))];
            if (!texts.Contains(null))
            {
                map.Set(path, texts.Select(static text => text!).ToArray());
            }

            return;
        }

        value = Single(value);
        object? converted = type switch
        {
            SettingType.Text => ToText(value, name),
            SettingType.Flag => ToFlag(value, name),
            SettingType.Number => ToNumber(value, name),
            SettingType.Real => ToReal(value, name),
            SettingType.Duration => ToDuration(value, name),
            SettingType.Signal => ToSignal(value, name),
            SettingType.Mode => ToMode(value, name),
            _ => throw new UnreachableException(),
        };
        if (converted is not null)
        {
            map.Set(path, converted);
        }
    }

    /// <summary>HCL's blocks are lists of one.</summary>
    private static ConfigValue Single(ConfigValue value)
    {
        while (value is ConfigList { Items.Count: 1 } list)
        {
            value = list.Items[0];
        }

        return value;
    }

    private string? ToText(ConfigValue value, string name)
    {
        return value switch
        {
            ConfigText text => text.Value,
            ConfigInteger number => number.Value.ToString(CultureInfo.InvariantCulture),
            ConfigReal real => real.Source,
            ConfigFlag flag => flag.Value ? "1" : "0",
            _ => Refuse<string>(name, "string", value),
        };
    }

    private object? ToFlag(ConfigValue value, string name)
    {
        switch (value)
        {
            case ConfigFlag flag:
                return flag.Value;
            case ConfigInteger number:
                return number.Value != 0;
            case ConfigText { Value.Length: 0 }:
                return false;
            case ConfigText text when GoNumber.TryParseBool(text.Value, out bool parsed):
                return parsed;
            case ConfigText text:
                _mistakes.Add($"cannot parse '{name}' as bool: {GoNumber.BoolError(text.Value)}");
                return null;
            default:
                return Refuse<object>(name, "bool", value);
        }
    }

    private object? ToNumber(ConfigValue value, string name)
    {
        switch (value)
        {
            case ConfigInteger number:
                return number.Value;
            case ConfigReal real when Math.Abs(real.Value) < long.MaxValue && Math.Truncate(real.Value) == real.Value:
                return (long)real.Value;
            case ConfigFlag flag:
                return flag.Value ? 1L : 0L;
            case ConfigText text when long.TryParse(text.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long parsed):
                return parsed;
            case ConfigText text:
                _mistakes.Add($"cannot parse '{name}' as int: strconv.ParseInt: parsing {GoText.Quote(text.Value)}: invalid syntax");
                return null;
            default:
                return Refuse<object>(name, "int", value);
        }
    }

    private object? ToReal(ConfigValue value, string name)
    {
        return value switch
        {
            ConfigInteger number => (double)number.Value,
            ConfigReal real => real.Value,
            ConfigText text when double.TryParse(text.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out double parsed) => parsed,
            _ => Refuse<object>(name, "float64", value),
        };
    }

    private object? ToDuration(ConfigValue value, string name)
    {
        switch (value)
        {
            case ConfigText text:
                if (GoDuration.TryParse(text.Value, out TimeSpan span, out string error))
                {
                    return span;
                }

                _mistakes.Add($"error decoding '{name}': {error}");
                return null;
            case ConfigInteger or ConfigReal:
                object? number = ToNumber(value, name);
                if (number is not long nanoseconds)
                {
                    return number is null ? Refuse<object>(name, "time.Duration", value) : null;
                }

                var duration = new GoDuration(nanoseconds);
                if (nanoseconds != 0)
                {
                    _warnings.Add(string.Create(
                        CultureInfo.InvariantCulture,
                        $"{name} = {nanoseconds} has no unit and is taken as nanoseconds ({duration}): write it as \"{nanoseconds}s\" for seconds"));
                }

                return duration.ToTimeSpan();
            default:
                return Refuse<object>(name, "time.Duration", value);
        }
    }

    private object? ToSignal(ConfigValue value, string name)
    {
        if (value is not ConfigText text)
        {
            return Refuse<object>(name, "os.Signal", value);
        }

        if (SignalNames.TryParse(text.Value, out int number, out string error))
        {
            return number;
        }

        _mistakes.Add($"error decoding '{name}': {error}");
        return null;
    }

    /// <summary>A text is octal; a number is as HCL reads it, octal with a zero in front.</summary>
    private object? ToMode(ConfigValue value, string name)
    {
        switch (value)
        {
            case ConfigText { Value.Length: 0 }:
                return UnixFileMode.None;
            case ConfigText text when TryOctal(text.Value, out int mode):
                return (UnixFileMode)mode;
            case ConfigText text:
                _mistakes.Add($"error decoding '{name}': strconv.ParseUint: parsing {GoText.Quote(text.Value)}: invalid syntax");
                return null;
            case ConfigInteger or ConfigReal:
                if (ToNumber(value, name) is not long number)
                {
                    return null;
                }

                if (number is < 0 or > 0xfff)
                {
                    _mistakes.Add(string.Create(CultureInfo.InvariantCulture, $"error decoding '{name}': {number} is no file mode"));
                    return null;
                }

                if (number > 0x1ff)
                {
                    _warnings.Add(string.Create(
                        CultureInfo.InvariantCulture,
                        $"{name} = {number} is decimal and means {Convert.ToString(number, 8)}: write it as \"{number}\" or 0{number}"));
                }

                return (UnixFileMode)number;
            default:
                return Refuse<object>(name, "os.FileMode", value);
        }
    }

    private static bool TryOctal(string text, out int mode)
    {
        mode = 0;
        foreach (char digit in text)
        {
            if (digit is < '0' or > '7' || mode > 0x1ff)
            {
                return false;
            }

            mode = (mode << 3) | (digit - '0');
        }

        return true;
    }

    private T? Refuse<T>(string name, string wanted, ConfigValue value)
        where T : class
    {
        _mistakes.Add($"'{name}' expected type '{wanted}', got unconvertible type '{value.GoTypeName}'");
        return null;
    }
}
