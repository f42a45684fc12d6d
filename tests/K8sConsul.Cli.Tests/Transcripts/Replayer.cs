using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace K8sConsul.Cli.Tests.Transcripts;

/// <summary>Answers as the agent did, if it is asked as the real program asked.</summary>
internal sealed class Replayer : IAsyncDisposable
{
    private readonly Queue<Exchange> _expected;
    private readonly Normaliser _words;
    private readonly HttpPeer _peer;
    private readonly List<string> _complaints = [];

    public Replayer(Transcript transcript, Normaliser words)
    {
        _expected = new Queue<Exchange>(transcript.Exchanges ?? []);
        _words = words;
        _peer = new HttpPeer(request => Task.FromResult(Answer(request)));
    }

    public string Address => _peer.Address;

    /// <summary>What was asked otherwise; empty when nothing was.</summary>
    public string Complaints => string.Join('\n', [.. _complaints, .. _expected.Select(missing => $"not asked: {missing.Method} {missing.Target}")]);

    public ValueTask DisposeAsync()
    {
        return _peer.DisposeAsync();
    }

    private PeerAnswer Answer(PeerRequest request)
    {
        if (!_expected.TryDequeue(out Exchange? expected))
        {
            _complaints.Add($"asked beyond the transcript: {request.Method} {request.Target}");
            return new PeerAnswer(599, [], []);
        }

        // Where the real program reads a value in JSON, ours asks for it raw.
        bool raw = !expected.Target.Contains("raw=") && request.Target.Contains("raw=");
        string target = raw ? WithoutRaw(request.Target) : request.Target;
        if (request.Method != expected.Method || _words.Apply(target) != expected.Target)
        {
            _complaints.Add($"asked: {request.Method} {request.Target}\nexpected: {expected.Method} {expected.Target}");
        }

        if (!SameBody(request.Body, Exchange.Decode(expected.RequestBody)))
        {
            _complaints.Add($"sent: {Encoding.UTF8.GetString(request.Body)}\nexpected: {expected.RequestBody}");
        }

        byte[] body = Exchange.Decode(expected.Body);
        if (raw && expected.Status == 200)
        {
            string? value = (string?)JsonNode.Parse(body)![0]!["Value"];
            body = Convert.FromBase64String(value ?? string.Empty);
        }

        return new PeerAnswer(expected.Status, [.. expected.Headers ?? []], body);
    }

    private static string WithoutRaw(string target)
    {
        return target.Replace("&raw=", string.Empty).Replace("?raw=&", "?").Replace("?raw=", string.Empty);
    }

    /// <summary>JSON is compared by what it means: members that say nothing may be there or not.</summary>
    private static bool SameBody(byte[] sent, byte[] expected)
    {
        if (sent.AsSpan().SequenceEqual(expected))
        {
            return true;
        }

        try
        {
            return JsonNode.DeepEquals(Meaning(JsonNode.Parse(sent)), Meaning(JsonNode.Parse(expected)));
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static JsonNode? Meaning(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject members:
                var said = new JsonObject();
                foreach ((string name, JsonNode? value) in members)
                {
                    if (Meaning(value) is { } meaning)
                    {
                        said[name] = meaning;
                    }
                }

                return said.Count > 0 ? said : null;
            case JsonArray items:
                return items.Count > 0 ? new JsonArray([.. items.Select(item => Meaning(item) ?? new JsonObject())]) : null;
            case JsonValue value:
                return value.ToJsonString() is "\"\"" or "0" or "false" or "\"0s\"" ? null : value.DeepClone();
            default:
                return null;
        }
    }
}
