using K8sConsul.Go;

namespace K8sConsul.Helm.Charts;

/// <summary>.helmignore: what of a folder is not part of the chart. The first rule that decides is the last one looked at.</summary>
internal sealed class IgnoreRules
{
    private readonly List<Rule> _rules = [];

    /// <param name="text">Of the file; empty where there is none.</param>
    /// <exception cref="HelmException">A rule is none.</exception>
    public IgnoreRules(string text)
    {
        foreach (string line in text.Split('\n'))
        {
            Add(line.Trim());
        }

        // Hidden files are no templates, whatever the file says.
        Add("templates/.?*");
    }

    /// <param name="path">Below the chart's folder, with slashes.</param>
    /// <param name="isFolder">All below it goes with it.</param>
    public bool Ignores(string path, bool isFolder)
    {
        foreach (Rule rule in _rules)
        {
            bool matches = (isFolder || !rule.OnlyFolders) && GoGlob.IsMatch(rule.Pattern, rule.OnlyName ? path[(path.LastIndexOf('/') + 1)..] : path);

            // As Helm has it: a negative rule drops all that it does not match.
            if (matches != rule.Negates)
            {
                return true;
            }
        }

        return false;
    }

    private void Add(string line)
    {
        if (line.Length == 0 || line[0] == '#')
        {
            return;
        }

        if (line.Contains("**", StringComparison.Ordinal))
        {
            throw new HelmException("double-star (**) syntax is not supported");
        }

        bool negates = line[0] == '!';
        string pattern = negates ? line[1..] : line;
        bool onlyFolders = pattern.EndsWith('/');
        pattern = onlyFolders ? pattern[..^1] : pattern;
        bool onlyName = !pattern.Contains('/', StringComparison.Ordinal);
        pattern = pattern.StartsWith('/') ? pattern[1..] : pattern;
        if (!GoGlob.IsWellFormed(pattern))
        {
            throw new HelmException("syntax error in pattern");
        }

        _rules.Add(new Rule(pattern, negates, onlyFolders, onlyName));
    }

    private sealed record Rule(string Pattern, bool Negates, bool OnlyFolders, bool OnlyName);
}
