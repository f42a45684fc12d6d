using System.Text.Json.Nodes;

namespace K8sConsul.Cli.Tests.Transcripts;

/// <summary>Stands between the real program and its agent, and writes down what they say.</summary>
internal sealed class Recorder : IAsyncDisposable
{
    /// <summary>The headers that our client looks at.</summary>
    private static readonly string[] _keptHeaders = ["X-Consul-Index", "Location"];

    private readonly HttpClient _agent = new(new SocketsHttpHandler { AllowAutoRedirect = false });
    private readonly string _agentAddress;
    private readonly Normaliser _words;
    private readonly HttpPeer _peer;
    private List<Exchange> _exchanges = [];

    public Recorder(string agentAddress, Normaliser words)
    {
        _agentAddress = agentAddress;
        _words = words;
        _peer = new HttpPeer(ForwardAsync);
    }

    public string Address => _peer.Address;

    public List<Exchange>? TakeExchanges()
    {
        List<Exchange> taken = _exchanges;
        _exchanges = [];
        return taken.Count > 0 ? taken : null;
    }

    public async ValueTask DisposeAsync()
    {
        await _peer.DisposeAsync();
        _agent.Dispose();
    }

    private async Task<PeerAnswer> ForwardAsync(PeerRequest request)
    {
        var asIs = new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true };
        using var message = new HttpRequestMessage(new HttpMethod(request.Method), new Uri($"http://{_agentAddress}{request.Target}", asIs));
        if (request.Method is "PUT" or "POST")
        {
            message.Content = new ByteArrayContent(request.Body);
        }

        using HttpResponseMessage response = await _agent.SendAsync(message);
        byte[] body = await response.Content.ReadAsByteArrayAsync();
        var headers = _keptHeaders
            .Where(name => response.Headers.Contains(name))
            .ToDictionary(name => name, name => response.Headers.GetValues(name).First());
        _exchanges.Add(new Exchange
        {
            Method = request.Method,
            Target = _words.Apply(request.Target),
            RequestBody = Kept(Exchange.Encode(request.Body)),
            Status = (int)response.StatusCode,
            Headers = headers.Count > 0 ? headers : null,
            Body = Kept(Exchange.Encode(request.Target == "/v1/agent/self" ? Shortened(body) : body)),
        });
        return new PeerAnswer((int)response.StatusCode, [.. headers], body);
    }

    private string? Kept(string? body)
    {
        return body is null || body.StartsWith("base64:", StringComparison.Ordinal) ? body : _words.Apply(body);
    }

    /// <summary>The configuration is long, and no command shows it.</summary>
    private static byte[] Shortened(byte[] self)
    {
        JsonObject members = JsonNode.Parse(self)!.AsObject();
        members.Remove("DebugConfig");
        return System.Text.Encoding.UTF8.GetBytes(members.ToJsonString());
    }
}
