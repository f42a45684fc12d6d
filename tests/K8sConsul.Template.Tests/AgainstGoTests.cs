using System.Text;
using K8sConsul.Go;

namespace K8sConsul.Template.Tests;

/// <summary>The recorded answers are a real Go's, and ours are the same: output, error text, line and column.</summary>
public sealed class AgainstGoTests
{
    [Fact]
    public void Outputs_and_error_texts_are_those_of_Go()
    {
        List<RecordedAnswer> recorded = RecordedAnswers.Read();
        Assert.InRange(recorded.Count, 3_000, int.MaxValue);
        var wrong = new StringBuilder();
        int count = 0;
        foreach (RecordedAnswer answer in recorded)
        {
            MissingKey missingKey = answer.MissingKey switch
            {
                "zero" => MissingKey.Zero,
                "error" => MissingKey.Error,
                _ => MissingKey.NoValue,
            };
            (string output, string error) = Sample.Run(answer.Template, missingKey);
            if (output != answer.Output || error != answer.Error)
            {
                count++;
                wrong.Append(GoText.Quote(answer.Template)).Append(' ').Append(answer.MissingKey)
                    .Append("\n  ours: ").Append(GoText.Quote(output)).Append(' ').Append(error)
                    .Append("\n  Go's: ").Append(GoText.Quote(answer.Output)).Append(' ').Append(answer.Error).Append('\n');
            }
        }

        Assert.True(count == 0, $"{count} of {recorded.Count} differ\n{wrong}");
    }
}
