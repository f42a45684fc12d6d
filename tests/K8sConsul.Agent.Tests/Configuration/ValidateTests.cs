using System.Text;
using K8sConsul.Agent.Configuration;

namespace K8sConsul.Agent.Tests.Configuration;

/// <summary>Over a thousand configurations, good and bad, against the words of the real program.</summary>
public sealed class ValidateTests
{
    /// <summary>How a refusal of our own ends; Consul would have accepted.</summary>
    private const string Unbuilt = "yet; remove the key";

    [Fact]
    public void Configurations_get_the_recorded_verdicts()
    {
        IReadOnlyList<RecordedCase> cases = RecordedCase.ReadAll();
        Assert.InRange(cases.Count, 1000, int.MaxValue);
        var different = new StringBuilder();
        int unbuilt = 0;
        foreach (RecordedCase one in cases)
        {
            string ours = Judge(one);
            if (ours.EndsWith(Unbuilt, StringComparison.Ordinal)
                && one.Real.EndsWith("> Configuration is valid!", StringComparison.Ordinal))
            {
                unbuilt++;
                continue;
            }

            if (!string.Equals(ours, one.Ours, StringComparison.Ordinal))
            {
                different.Append($"=== {one.Format}\n{one.Source}\n--- recorded\n{one.Ours}\n--- ours\n{ours}\n");
            }
        }

        Assert.True(different.Length == 0, different.ToString());
        Assert.InRange(unbuilt, 10, 80);
    }

    [Fact]
    public void The_recorded_verdicts_are_the_real_program_s()
    {
        RealConsul.Locate();
        DirectoryInfo folder = Directory.CreateTempSubdirectory("validate-compare-");
        try
        {
            // Every ninth case, so that a run stays short; the numbers have no common pattern with the table's.
            foreach (RecordedCase one in RecordedCase.ReadAll().Where((_, index) => index % 9 == 4))
            {
                File.WriteAllText(Path.Combine(folder.FullName, $"t.{one.Format}"), one.Source);
                (_, string output, string error) = RealConsul.Run(folder.FullName, "validate", $"t.{one.Format}");
                Assert.True(
                    string.Equals(RecordedCase.Show(error, output), one.Real, StringComparison.Ordinal),
                    $"{one.Source}\n--- recorded\n{one.Real}\n--- now\n{RecordedCase.Show(error, output)}");
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string Judge(RecordedCase one)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("validate-");
        try
        {
            string path = Path.Combine(folder.FullName, $"t.{one.Format}");
            File.WriteAllText(path, one.Source);
            ConfigOutcome outcome = new ConfigLoader(FakeMachine.Usual().AsHost()).Load(new ConfigInputs { Paths = [path] });
            string error = outcome.Config is null
                ? $"Config validation failed: {outcome.Error}\n"
                : string.Concat(outcome.Warnings.Select(warning => warning + "\n"));
            return RecordedCase.Show(
                error.Replace(folder.FullName + "/", string.Empty, StringComparison.Ordinal),
                outcome.Config is null ? string.Empty : "Configuration is valid!\n");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
