using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using K8sConsul.Tests;

namespace K8sConsul.EndToEnd.Tests.Templates;

/// <summary>Stands between a renderer and its agent, and remembers what is asked.</summary>
internal sealed class CountingProxy : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly HttpClient _agent;
    private readonly ConcurrentQueue<string> _asked = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _answers = [];
    private readonly Task _serving;

    public CountingProxy(Uri agent)
    {
        _agent = new HttpClient { BaseAddress = agent, Timeout = Timeout.InfiniteTimeSpan };
        Address = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Ports.Take()}");
        _listener.Prefixes.Add($"http://{Address}/");
        _listener.Start();
        _serving = ServeAsync();
    }

    public string Address { get; }

    public int Count(string method, string pathPrefix)
    {
        string prefix = $"{method} {pathPrefix}";
        return _asked.Count(asked => asked.StartsWith(prefix, StringComparison.Ordinal));
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Close();
        await _serving;
        await Task.WhenAll(_answers);
        _agent.Dispose();
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                _answers.Add(AnswerAsync(await _listener.GetContextAsync()));
            }
        }
        catch (Exception closed) when (closed is HttpListenerException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        try
        {
            string target = context.Request.RawUrl!;
            _asked.Enqueue($"{context.Request.HttpMethod} {target}");
            using var request = new HttpRequestMessage(new HttpMethod(context.Request.HttpMethod), target) { Content = new StreamContent(context.Request.InputStream) };
            using HttpResponseMessage answer = await _agent.SendAsync(request, _stop.Token);
            context.Response.StatusCode = (int)answer.StatusCode;
            foreach ((string name, IEnumerable<string> values) in answer.Headers.Where(static header => header.Key.StartsWith("X-", StringComparison.Ordinal)))
            {
                context.Response.AddHeader(name, string.Join(',', values));
            }

            byte[] body = await answer.Content.ReadAsByteArrayAsync(_stop.Token);
            context.Response.Close(body, willBlock: false);
        }
        catch (Exception gone) when (gone is OperationCanceledException or HttpRequestException or HttpListenerException or ObjectDisposedException or InvalidOperationException)
        {
            // The renderer was killed, or the test is over.
            context.Response.Abort();
        }
    }
}
