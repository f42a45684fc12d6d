using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using K8sConsul.Tests;

namespace K8sConsul.EndToEnd.Tests.Templates;

/// <summary>An instance of the service web: answers its name, and counts who asks. It goes on answering when it is deregistered.</summary>
internal sealed class Instance : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Task _serving;
    private int _requests;

    public Instance(string id)
    {
        Id = id;
        Port = Ports.Take();
        _listener.Prefixes.Add(string.Create(CultureInfo.InvariantCulture, $"http://*:{Port}/"));
        _listener.Start();
        _serving = ServeAsync();
    }

    public string Id { get; }

    public int Port { get; }

    public int Requests => Volatile.Read(ref _requests);

    public async Task RegisterAsync(AgentProcess agent)
    {
        using HttpResponseMessage answer = await agent.Http.PutAsJsonAsync("/v1/agent/service/register", new
        {
            ID = Id,
            Name = "web",
            Address = "127.0.0.1",
            Port,
            Check = new { CheckID = Id, TTL = "10m", Status = "passing" },
        });
        answer.EnsureSuccessStatusCode();
    }

    public async Task DeregisterAsync(AgentProcess agent)
    {
        using HttpResponseMessage answer = await agent.Http.PutAsync("/v1/agent/service/deregister/" + Id, content: null);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary><c>pass</c> or <c>fail</c>.</summary>
    public async Task CheckAsync(AgentProcess agent, string verdict)
    {
        using HttpResponseMessage answer = await agent.Http.PutAsync($"/v1/agent/check/{verdict}/{Id}", content: null);
        answer.EnsureSuccessStatusCode();
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _serving;
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                HttpListenerContext context = await _listener.GetContextAsync();
                Interlocked.Increment(ref _requests);
                context.Response.KeepAlive = false;
                context.Response.Close(System.Text.Encoding.UTF8.GetBytes(Id), willBlock: false);
            }
        }
        catch (Exception closed) when (closed is HttpListenerException or ObjectDisposedException)
        {
            // The test is over.
        }
    }
}
