using System.Globalization;
using System.Net;

namespace K8sConsul.EndToEnd.Tests.WalkThrough;

/// <summary>What the tutorial's service is: a page. A PUT of a number makes that its status from then on.</summary>
internal sealed class WebApplication : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Task _serving;
    private volatile int _status = 200;

    public WebApplication(string address, int port)
    {
        _listener.Prefixes.Add(string.Create(CultureInfo.InvariantCulture, $"http://{address}:{port}/"));
        _listener.Start();
        _serving = ServeAsync();
    }

    public int Status
    {
        get => _status;
        set => _status = value;
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _serving;
        _listener.Close();
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception stopped) when (stopped is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            try
            {
                await AnswerAsync(context);
            }
            catch (HttpListenerException)
            {
                // An agent that was stopped, or a service that was deregistered, in the middle of its check.
                context.Response.Abort();
            }
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        if (context.Request.HttpMethod == "PUT")
        {
            using var reader = new StreamReader(context.Request.InputStream);
            _status = int.Parse(await reader.ReadToEndAsync(), CultureInfo.InvariantCulture);
        }
        else
        {
            context.Response.StatusCode = _status;
        }

        await context.Response.OutputStream.WriteAsync("hello world\n"u8.ToArray());
        context.Response.Close();
    }
}
