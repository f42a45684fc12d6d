using K8sConsul.Go;

namespace K8sConsul.Template;

/// <summary>A parsed text with the name that error texts give it.</summary>
internal sealed class SourceText(string name, string text)
{
    public string Name { get; } = name;

    /// <summary><c>NAME:LINE:COL</c>; lines from 1, columns in bytes from 0.</summary>
    public string LocationOf(int position)
    {
        ReadOnlySpan<char> before = text.AsSpan(0, position);
        int line = 1 + before.Count('\n');
        int column = Utf8Text.Length(before[(before.LastIndexOf('\n') + 1)..]);
        return $"{Name}:{line}:{column}";
    }
}
