using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace K8sConsul.Template.Functions;

/// <summary>A YAML text as data: maps with text keys as <c>map[string]interface {}</c>, others as <c>map[interface {}]interface {}</c>.</summary>
/// <remarks>The library's parser gives the events; what they mean is decided here.</remarks>
internal sealed class YamlInput
{
    private readonly TemplateCall? _call;
    private readonly Parser _parser;
    private readonly Dictionary<string, object?> _anchors = new(StringComparer.Ordinal);

    private YamlInput(TemplateCall? call, string text)
    {
        _call = call;
        _parser = new Parser(new StringReader(text));
    }

    /// <summary>The first document of a text; nil when there is none.</summary>
    /// <param name="call">Charged, if there is one.</param>
    /// <param name="text">YAML.</param>
    /// <exception cref="TemplateFunctionException">It is not YAML.</exception>
    public static object? Read(TemplateCall? call, string text)
    {
        call?.CountSteps(text.Length);
        try
        {
            var input = new YamlInput(call, text);
            input._parser.Consume<StreamStart>();
            if (!input._parser.TryConsume<DocumentStart>(out _))
            {
                return null;
            }

            object? data = input.Node(depth: 0);
            input._parser.Consume<DocumentEnd>();
            return data;
        }
        catch (YamlException refused)
        {
            // The end of the text counts as a line of its own there.
            long line = Math.Min(refused.Start.Line, 1 + text.AsSpan().TrimEnd('\n').Count('\n'));
            throw new TemplateFunctionException($"yaml: line {line}: {refused.Message}", refused);
        }
    }

    private object? Node(int depth)
    {
        CallExtensions.CheckDepth(depth);
        _call?.CountItems(1);
        if (_parser.Accept<AnchorAlias>(out _))
        {
            AnchorAlias alias = _parser.Consume<AnchorAlias>();
            return _anchors.TryGetValue(alias.Value.Value, out object? known)
                ? known
                : throw new TemplateFunctionException($"yaml: unknown anchor '{alias.Value.Value}' referenced");
        }

        if (_parser.Accept<Scalar>(out _))
        {
            Scalar scalar = _parser.Consume<Scalar>();
            return Remember(scalar, ValueOf(scalar));
        }

        if (_parser.Accept<SequenceStart>(out _))
        {
            SequenceStart sequence = _parser.Consume<SequenceStart>();
            var items = new List<object?>();
            while (!_parser.TryConsume<SequenceEnd>(out _))
            {
                items.Add(Node(depth + 1));
            }

            return Remember(sequence, items);
        }

        MappingStart mapping = _parser.Consume<MappingStart>();
        return Remember(mapping, Mapping(depth));
    }

    private object Mapping(int depth)
    {
        var entries = new Dictionary<object, object?>();
        var merged = new List<object?>();
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            bool isMerge = _parser.Current is Scalar { IsKey: true, Style: ScalarStyle.Plain, Value: "<<" };
            object? key = Node(depth + 1);
            object? value = Node(depth + 1);
            if (isMerge)
            {
                merged.Add(value);
            }
            else
            {
                entries[KeyOf(key)] = value;
            }
        }

        foreach (object? source in merged)
        {
            Merge(entries, source);
        }

        return entries.Keys.All(key => key is string)
            ? entries.ToDictionary(entry => (string)entry.Key, entry => entry.Value, StringComparer.Ordinal)
            : entries;
    }

    /// <summary>What the mapping itself says comes first; of several sources the first.</summary>
    private void Merge(Dictionary<object, object?> entries, object? source)
    {
        if (GoData.TryItems(source) is { } sources)
        {
            foreach (object? one in sources)
            {
                if (GoData.TryItems(one) is not null)
                {
                    throw NotMergeable();
                }

                Merge(entries, one);
            }

            return;
        }

        IReadOnlyList<KeyValuePair<object, object?>> other = GoData.TryEntries(source) ?? throw NotMergeable();
        _call?.CountItems(other.Count);
        foreach ((object key, object? value) in other)
        {
            entries.TryAdd(key, value);
        }
    }

    private static TemplateFunctionException NotMergeable() => new("yaml: map merge requires map or sequence of maps as the value");

    private static object KeyOf(object? key)
    {
        return key switch
        {
            null => "null",
            _ when GoData.TryItems(key) is not null || GoData.TryEntries(key) is not null
                => throw new TemplateFunctionException("yaml: invalid map key: a list or map"),
            _ => key,
        };
    }

    private object? Remember(NodeEvent node, object? data)
    {
        if (!node.Anchor.IsEmpty)
        {
            _anchors[node.Anchor.Value] = data;
        }

        return data;
    }

    private static object? ValueOf(Scalar scalar)
    {
        string tag = scalar.Tag.IsEmpty ? "" : scalar.Tag.Value;
        if (tag is "tag:yaml.org,2002:str" or "!!str" or "!" || (tag.Length == 0 && scalar.Style != ScalarStyle.Plain))
        {
            return scalar.Value;
        }

        object? value = YamlScalar.Resolve(scalar.Value);
        return tag is "tag:yaml.org,2002:float" && value is nint whole ? (double)whole : value;
    }
}
