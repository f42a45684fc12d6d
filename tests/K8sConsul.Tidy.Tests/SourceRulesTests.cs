using System.Text.RegularExpressions;

namespace K8sConsul.Tidy.Tests;

/// <summary>House rules that no compiler checks.</summary>
public sealed partial class SourceRulesTests
{
    private static readonly string[] Product = ["agent", "operator", "registrator"];

    [Fact]
    public void Nothing_in_the_product_blocks_on_a_task_or_sleeps()
    {
        List<string> found = [];
        foreach (string file in Repository.Files("*.cs", Product))
        {
            int number = 0;
            foreach (string line in File.ReadLines(file))
            {
                number++;
                if (Blocking().IsMatch(line) && !line.TrimStart().StartsWith("//", StringComparison.Ordinal))
                {
                    found.Add($"{Repository.Relative(file)}:{number}: {line.Trim()}");
                }
            }
        }

        Assert.True(found.Count == 0, string.Join('\n', found));
    }

    [Fact]
    public void Nothing_is_left_for_later()
    {
        List<string> found = [];
        foreach (string file in Repository.Files("*.cs", Product))
        {
            int number = 0;
            foreach (string line in File.ReadLines(file))
            {
                number++;
                if (Unfinished().IsMatch(line))
                {
                    found.Add($"{Repository.Relative(file)}:{number}: {line.Trim()}");
                }
            }
        }

        Assert.True(found.Count == 0, string.Join('\n', found));
    }

    [Fact]
    public void Every_test_project_is_in_the_solution()
    {
        string solution = File.ReadAllText(Path.Combine(Repository.Root, "K8sConsul.sln"));
        foreach (string project in Repository.Files("*.csproj", "agent", "operator", "registrator", "tests"))
        {
            Assert.Contains(Path.GetFileName(project), solution, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_top_level_holds_what_it_should()
    {
        string[] expected =
        [
            ".ci", ".editorconfig", ".git", ".gitignore", "ARCHITECTURE.md", "Directory.Build.props", "Directory.Build.targets",
            "Directory.Packages.props", "Dockerfile", "K8sConsul.sln", "README.md", "agent", "artifacts", "charts", "crds", "global.json",
            "operator", "registrator", "tests",
        ];
        foreach (string entry in Directory.EnumerateFileSystemEntries(Repository.Root))
        {
            Assert.Contains(Path.GetFileName(entry), expected);
        }
    }

    [GeneratedRegex(@"\.Wait\(\)|Thread\.Sleep|async void", RegexOptions.CultureInvariant)]
    private static partial Regex Blocking();

    [GeneratedRegex(@"NotImplementedException|\bTODO\b|\bFIXME\b|\bHACK\b", RegexOptions.CultureInvariant)]
    private static partial Regex Unfinished();
}
