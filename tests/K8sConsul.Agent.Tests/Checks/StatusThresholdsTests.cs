using K8sConsul.Agent.Checks;
using K8sConsul.Agent.Local.Definitions;

namespace K8sConsul.Agent.Tests.Checks;

public sealed class StatusThresholdsTests
{
    // P, W, C: results; the published status after each, '-' for none.
    [Theory]
    [InlineData(0, 0, 0, "PCWCP", "PCWCP")]
    [InlineData(1, 0, 1, "PCWCP", "PCWCP")]
    [InlineData(3, 0, 3, "P", "P")]
    [InlineData(3, 0, 3, "C", "C")]
    [InlineData(3, 0, 3, "CPPP", "C--P")]
    [InlineData(3, 0, 3, "PCCC", "P--C")]
    [InlineData(3, 0, 3, "PCCPCCC", "P-----C")]
    [InlineData(2, 0, 0, "CPWP", "C-WP")]
    [InlineData(0, 2, 3, "PCCC", "P-WC")]
    [InlineData(0, 1, 3, "PCCCC", "PWWCC")]
    [InlineData(0, 3, 3, "PCCC", "P--C")]
    [InlineData(-3, 0, -3, "PCP", "PCP")]
    public void The_nth_result_in_a_row_is_published_and_the_first_of_all_at_once(int passing, int warning, int critical, string results, string published)
    {
        StatusThresholds thresholds = new(passing, warning, critical);
        Assert.Equal(published, string.Concat(results.Select(r => Letter(thresholds.Count(Status(r))))));
    }

    [Fact]
    public void Agrees_with_looking_back_over_the_whole_history()
    {
        Random random = new(11);
        for (int round = 0; round < 2000; round++)
        {
            int passing = random.Next(0, 4);
            int critical = random.Next(0, 5);
            int warning = random.Next(0, critical + 1);
            StatusThresholds thresholds = new(passing, warning, critical);
            List<CheckStatus> history = [];
            for (int i = 0; i < 30; i++)
            {
                history.Add(Status("PPWCC"[random.Next(5)]));
                Assert.Equal(Naive(history, passing, warning == 0 ? critical : warning, critical), thresholds.Count(history[^1]));
            }
        }
    }

    private static CheckStatus? Naive(List<CheckStatus> history, int passing, int warning, int critical)
    {
        bool good = history[^1] != CheckStatus.Critical;
        int run = history.AsEnumerable().Reverse().TakeWhile(s => (s != CheckStatus.Critical) == good).Count();

        // A run that reaches back to the beginning has the head start of its threshold.
        bool fromStart = run == history.Count;
        if (good)
        {
            return fromStart || run >= passing ? history[^1] : null;
        }

        return fromStart || run >= critical ? CheckStatus.Critical : run >= warning ? CheckStatus.Warning : null;
    }

    private static CheckStatus Status(char letter) => letter switch
    {
        'P' => CheckStatus.Passing,
        'W' => CheckStatus.Warning,
        _ => CheckStatus.Critical,
    };

    private static char Letter(CheckStatus? status) => status switch
    {
        null => '-',
        CheckStatus.Passing => 'P',
        CheckStatus.Warning => 'W',
        _ => 'C',
    };
}
