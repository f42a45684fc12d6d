using System.Collections.Concurrent;
using System.Threading.Channels;
using K8sConsul.Contracts.Client;
using K8sConsul.TemplateRunner.Configuration;
using K8sConsul.TemplateRunner.Watching;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace K8sConsul.TemplateRunner.Tests;

/// <summary>An agent whose every answer is given by the test: requests wait until they are answered.</summary>
internal sealed class FakeConsul : IAsyncDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(20);

    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, Channel<FakeRequest>> _requests = new(StringComparer.Ordinal);
    private int _pending;

    private FakeConsul(WebApplication app)
    {
        _app = app;
    }

    public string Address => _app.Urls.First()["http://".Length..];

    /// <summary>Requests that were neither answered nor given up.</summary>
    public int Pending => Volatile.Read(ref _pending);

    /// <summary>Answers by itself when it is set; false leaves the request to <see cref="NextAsync"/>.</summary>
    public Func<HttpContext, Task<bool>>? Automatic { get; set; }

    public static async Task<FakeConsul> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        WebApplication app = builder.Build();
        var consul = new FakeConsul(app);
        app.Run(consul.ServeAsync);
        await app.StartAsync();
        return consul;
    }

    /// <summary>The next request for that path, as it comes.</summary>
    public async Task<FakeRequest> NextAsync(string path)
    {
        using var limit = new CancellationTokenSource(_patience);
        try
        {
            return await QueueOf(path).Reader.ReadAsync(limit.Token);
        }
        catch (OperationCanceledException late)
        {
            throw new TimeoutException($"nobody has asked for {path}", late);
        }
    }

    public ConsulClient Client()
    {
        return ConsulClients.TryCreate(new ConsulConfig { Address = Address }, out string error) ?? throw new InvalidOperationException(error);
    }

    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMilliseconds(1));
        await _app.StopAsync(limit.Token);
        await _app.DisposeAsync();
    }

    private async Task ServeAsync(HttpContext context)
    {
        if (Automatic is { } automatic && await automatic(context))
        {
            return;
        }

        using var buffer = new MemoryStream();
        await context.Request.Body.CopyToAsync(buffer);
        var request = new FakeRequest(context.Request.Method, context.Request.QueryString.Value ?? string.Empty, context.Request.Headers["X-Consul-Token"].ToString(), buffer.ToArray());
        Interlocked.Increment(ref _pending);
        await using (context.RequestAborted.Register(request.GiveUp))
        {
            QueueOf(context.Request.Path.Value!).Writer.TryWrite(request);
            try
            {
                (int status, string body, ulong index, int lastContactMs) = await request.Answered;
                Interlocked.Decrement(ref _pending);
                await WriteAsync(context, status, body, index, lastContactMs);
            }
            catch (OperationCanceledException)
            {
                Interlocked.Decrement(ref _pending);
            }
        }
    }

    public static async Task WriteAsync(HttpContext context, int status, string body, ulong index, int lastContactMs = 0)
    {
        context.Response.StatusCode = status;
        context.Response.Headers["X-Consul-Index"] = $"{index}";
        context.Response.Headers["X-Consul-LastContact"] = $"{lastContactMs}";
        await context.Response.WriteAsync(body);
    }

    private Channel<FakeRequest> QueueOf(string path)
    {
        return _requests.GetOrAdd(path, static _ => Channel.CreateUnbounded<FakeRequest>());
    }
}

/// <summary>A request that waits for its answer.</summary>
internal sealed class FakeRequest(string method, string query, string token, byte[] body)
{
    private readonly TaskCompletionSource<(int Status, string Body, ulong Index, int LastContactMs)> _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Method { get; } = method;

    public string Query { get; } = query;

    public string Token { get; } = token;

    public byte[] Body { get; } = body;

    public Task<(int Status, string Body, ulong Index, int LastContactMs)> Answered => _answered.Task;

    public void Reply(string body, ulong index, int status = 200, int lastContactMs = 0)
    {
        _answered.TrySetResult((status, body, index, lastContactMs));
    }

    public void GiveUp()
    {
        _answered.TrySetCanceled();
    }
}
