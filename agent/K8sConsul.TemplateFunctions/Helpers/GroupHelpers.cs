using System.Globalization;
using System.Text;

namespace K8sConsul.Template.Functions;

/// <summary>Services and pairs put into groups: <c>byKey</c>, <c>byTag</c>, <c>byPort</c>, <c>byMeta</c>.</summary>
internal static class GroupHelpers
{
    private const string NumberMark = "|int";

    public static void AddTo(TemplateFunctions functions)
    {
        functions
            .AddWithCall("byKey", (TemplateCall call, object? pairs) => ByKey(call, pairs))
            .AddWithCall("byTag", (TemplateCall call, object? services) => ByTag(call, services))
            .AddWithCall("byPort", (TemplateCall call, object? services) => ByPort(call, services))
            .AddWithCall("byMeta", (TemplateCall call, string keys, object? services) => ByMeta(call, keys, services));
    }

    private static TemplateMap ByKey(TemplateCall call, object? pairs)
    {
        var groups = new Dictionary<string, Dictionary<string, object?>>(StringComparer.Ordinal);
        foreach (object? pair in Items(call, "byKey", pairs))
        {
            string key = Text("byKey", pair, "Key");
            int slash = key.IndexOf('/', StringComparison.Ordinal);
            string rest = slash < 0 ? "" : key[(slash + 1)..];
            string first = slash < 0 ? key : key[..slash];
            if (!groups.TryGetValue(first, out Dictionary<string, object?>? group))
            {
                groups[first] = group = new Dictionary<string, object?>(StringComparer.Ordinal);
            }

            group[rest] = pair is ITemplateObject structure ? new PairUnderKey(structure, rest) : pair;
        }

        GoType inner = GoType.MapOf(GoType.String, ElementOf(pairs));
        return new TemplateMap(
            GoType.MapOf(GoType.String, inner),
            groups.ToDictionary(group => group.Key, group => (object?)new TemplateMap(inner, group.Value), StringComparer.Ordinal));
    }

    private static TemplateMap ByTag(TemplateCall call, object? services)
    {
        var groups = new Dictionary<string, List<object?>>(StringComparer.Ordinal);
        foreach (object? service in Items(call, "byTag", services))
        {
            GoData.TryMember(service, "Tags", out object? tags);
            foreach (object? tag in GoData.TryItems(tags) ?? [])
            {
                call.CountItems(1);
                Add(groups, tag as string ?? "", service);
            }
        }

        return Groups(groups, services);
    }

    private static Dictionary<nint, object?> ByPort(TemplateCall call, object? services)
    {
        GoType list = GoType.SliceOf(ElementOf(services));
        var groups = new Dictionary<nint, List<object?>>();
        foreach (object? service in Items(call, "byPort", services))
        {
            if (!GoData.TryMember(service, "Port", out object? port))
            {
                throw WrongType("byPort", services);
            }

            nint number = (nint)GoData.Signed(port);
            if (!groups.TryGetValue(number, out List<object?>? group))
            {
                groups[number] = group = [];
            }

            group.Add(service);
        }

        return groups.ToDictionary(group => group.Key, group => (object?)new TemplateList(list, group.Value));
    }

    private static TemplateMap ByMeta(TemplateCall call, string keys, object? services)
    {
        var groups = new Dictionary<string, List<object?>>(StringComparer.Ordinal);
        string[] names = keys.Split(',');
        foreach (object? service in Items(call, "byMeta", services))
        {
            call.CountItems(names.Length);
            GoData.TryMember(service, "ServiceMeta", out object? meta);
            Add(groups, string.Join('_', names.Select(name => MetaPart(meta, name))), service);
        }

        return Groups(groups, services);
    }

    private static string MetaPart(object? meta, string name)
    {
        bool isNumber = name.EndsWith(NumberMark, StringComparison.Ordinal);
        string key = isNumber ? name[..^NumberMark.Length] : name;
        string value = GoData.TryMember(meta, key, out object? found) && found is string { Length: > 0 } text
            ? text
            : isNumber ? "0" : $"_no_{key}_";
        if (isNumber)
        {
            long number = GoNumbers.ParseInt(value, "Atoi");
            value = number.ToString(number < 0 ? "0000" : "00000", CultureInfo.InvariantCulture);
        }

        var part = new StringBuilder(value.Length);
        foreach (Rune rune in value.EnumerateRunes())
        {
            bool kept = rune.IsAscii && (Rune.IsLetterOrDigit(rune) || rune.Value is '_' or '-');
            part.Append(kept ? (char)rune.Value : '_');
        }

        return part.ToString();
    }

    private static void Add(Dictionary<string, List<object?>> groups, string key, object? item)
    {
        if (!groups.TryGetValue(key, out List<object?>? group))
        {
            groups[key] = group = [];
        }

        group.Add(item);
    }

    private static TemplateMap Groups(Dictionary<string, List<object?>> groups, object? services)
    {
        GoType list = GoType.SliceOf(ElementOf(services));
        return new TemplateMap(
            GoType.MapOf(GoType.String, list),
            groups.ToDictionary(group => group.Key, group => (object?)new TemplateList(list, group.Value), StringComparer.Ordinal));
    }

    private static GoType ElementOf(object? list) => GoData.TypeOf(list)?.Element ?? GoType.Any;

    private static IReadOnlyList<object?> Items(TemplateCall call, string function, object? list)
    {
        if (list is null)
        {
            return [];
        }

        IReadOnlyList<object?> items = GoData.TryItems(list) ?? throw WrongType(function, list);
        call.CountItems(items.Count);
        return items;
    }

    private static string Text(string function, object? item, string field)
    {
        return GoData.TryMember(item, field, out object? value) && value is string text ? text : throw WrongType(function, item);
    }

    private static TemplateFunctionException WrongType(string function, object? data)
    {
        return new TemplateFunctionException($"{function}: wrong argument type {CallExtensions.TypeName(data)}");
    }
}
