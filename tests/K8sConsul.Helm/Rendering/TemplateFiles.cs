using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.RegularExpressions;
using K8sConsul.Helm.Charts;
using K8sConsul.Template;

namespace K8sConsul.Helm.Rendering;

/// <summary><c>.Files</c>: a chart's files besides its templates, as a map from name to bytes.</summary>
internal sealed class TemplateFiles(IReadOnlyList<ChartFile> files) : ITemplateMap, ITemplateMethods
{
    private static readonly GoType s_type = GoType.Named("engine.files", GoType.MapOf(GoType.String, GoType.SliceOf(GoType.Uint8)));

    public GoType Type => s_type;

    public int Count => files.Count;

    public IEnumerable<KeyValuePair<object, object?>> Entries => files.Select(file => KeyValuePair.Create<object, object?>(file.Name, file.Data));

    public bool TryGet(object key, out object? value)
    {
        value = files.FirstOrDefault(file => file.Name == key as string)?.Data;
        return value is not null;
    }

    public bool TryGetMethod(string name, [NotNullWhen(true)] out TemplateFunction? method)
    {
        method = name switch
        {
            "Get" => TemplateFunction.Create((string file) => Encoding.UTF8.GetString(Bytes(file))),
            "GetBytes" => TemplateFunction.Create<string, byte[]>(Bytes),
            "Glob" => TemplateFunction.Create((string pattern) => (object?)Matching(pattern)),
            "Lines" => TemplateFunction.Create<string, string[]>(Lines),
            "AsConfig" => TemplateFunction.CreateWithCall(call => AsMap(call, data => Encoding.UTF8.GetString(data))),
            "AsSecrets" => TemplateFunction.CreateWithCall(call => AsMap(call, Convert.ToBase64String)),
            _ => null,
        };
        return method is not null;
    }

    private byte[] Bytes(string name) => TryGet(name, out object? data) ? (byte[])data! : [];

    /// <summary>What is no pattern matches all.</summary>
    private TemplateFiles Matching(string pattern)
    {
        Regex? glob = FileGlob.TryCompile(pattern);
        return new TemplateFiles([.. files.Where(file => glob?.IsMatch(file.Name) ?? true)]);
    }

    private string[] Lines(string name)
    {
        string text = Encoding.UTF8.GetString(Bytes(name));
        return text.Length == 0 ? [] : (text.EndsWith('\n') ? text[..^1] : text).Split('\n');
    }

    /// <summary>By the files' own names, of which a later one takes the place of an earlier.</summary>
    private string AsMap(TemplateCall call, Func<byte[], string> print)
    {
        var map = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (ChartFile file in files)
        {
            map[file.Name[(file.Name.LastIndexOf('/') + 1)..]] = print(file.Data);
        }

        return YamlForm.Write(call, map);
    }
}
