using System.Globalization;

namespace K8sConsul.Hcl;

/// <summary>A place in a source text: line and column count from 1, columns in Unicode characters. The default is "nowhere".</summary>
public readonly record struct SourcePosition(int Line, int Column)
{
    /// <summary><c>3:14</c>, or <c>-</c> for nowhere.</summary>
    public override string ToString()
    {
        return Line == 0 ? "-" : string.Create(CultureInfo.InvariantCulture, $"{Line}:{Column}");
    }
}
