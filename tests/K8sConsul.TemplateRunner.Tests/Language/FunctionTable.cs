namespace K8sConsul.TemplateRunner.Tests.Language;

/// <summary>Tables of templates and of what they print.</summary>
internal static class FunctionTable
{
    public static IEnumerable<TheoryDataRow<string, string>> Read(string name)
    {
        string[] lines = [.. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Testdata", name)).Where(static line => line.Length > 0 && line[0] != '#')];
        return lines.Chunk(2).Select(static row => new TheoryDataRow<string, string>(row[0], row[1]));
    }

    public static string Unescape(string expected)
    {
        return expected is "\\" ? string.Empty : expected.Replace(@"\\", "\u0001", StringComparison.Ordinal).Replace(@"\n", "\n", StringComparison.Ordinal).Replace('\u0001', '\\');
    }
}
