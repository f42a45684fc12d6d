using System.Text.Json;
using K8sConsul.Testing;

namespace K8sConsul.Filter.Tests;

/// <summary>The recorded answers are the real Consul's, and ours are the same.</summary>
public sealed class FilterAgainstConsulTests
{
    public static TheoryData<string, string> Recorded()
    {
        var data = new TheoryData<string, string>();
        foreach ((string expression, string answer) in RecordedAnswers.Read())
        {
            data.Add(expression, answer);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Recorded))]
    public void Answers_and_error_texts_are_those_of_Consul(string expression, string answer)
        => Assert.Equal(answer, Ours(expression));

    /// <summary>Asks a real agent every recorded expression again. With K8SCONSUL_RECORD=1 its answers become the record; new
    /// expressions are added to the file with any answer.</summary>
    [Fact]
    public async Task The_record_is_what_a_real_agent_answers()
    {
        await using RealConsulAgent consul = await RealConsulAgent.StartAsync();
        foreach (string registration in HealthRows.Registrations)
        {
            await consul.PutAsync("/v1/catalog/register", registration);
        }

        List<(string Expression, string Answer)> recorded = RecordedAnswers.Read();
        var real = new List<(string Expression, string Answer)>();
        foreach ((string expression, _) in recorded)
        {
            real.Add((expression, await AskAsync(consul, expression)));
        }

        if (string.Equals(Environment.GetEnvironmentVariable("K8SCONSUL_RECORD"), "1", StringComparison.Ordinal))
        {
            RecordedAnswers.Write(real);
        }

        Assert.Equal(recorded, real);
    }

    private static string Ours(string text)
    {
        if (!FilterExpression.TryParse(text, out FilterExpression? expression, out string? error)
            || !expression.TryBind(HealthRows.Schema, out Predicate<HealthRows.Row>? filter, out error))
        {
            return "! " + error;
        }

        return "= " + string.Join(',', HealthRows.All.Where(row => filter(row)).Select(row => row.ServiceId));
    }

    private static async Task<string> AskAsync(RealConsulAgent consul, string expression)
    {
        var path = new Uri("/v1/health/service/web?filter=" + Uri.EscapeDataString(expression), UriKind.Relative);
        using HttpResponseMessage answer = await consul.Http.GetAsync(path);
        string body = await answer.Content.ReadAsStringAsync();
        if (!answer.IsSuccessStatusCode)
        {
            Assert.StartsWith(FilterExpression.ErrorPrefix, body, StringComparison.Ordinal);
            return "! " + body[FilterExpression.ErrorPrefix.Length..];
        }

        using var rows = JsonDocument.Parse(body);
        return "= " + string.Join(
            ',',
            rows.RootElement.EnumerateArray()
                .Select(row => row.GetProperty("Service").GetProperty("ID").GetString())
                .Order(StringComparer.Ordinal));
    }
}
