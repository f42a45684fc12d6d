using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Net;
using K8sConsul.Contracts.GoJson;
using K8sConsul.Server.Api;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace K8sConsul.Agent.Http;

/// <summary>Reads an <see cref="ApiRequest"/>'s parts from an HTTP request.</summary>
internal static class RequestReader
{
    private const string BearerScheme = "Bearer ";

    /// <summary>The caller's secret: query, then header, then bearer token.</summary>
    public static string Token(ApiQuery query, IHttpRequestFeature request, string fallback)
    {
        if (query["token"] is { Length: > 0 } fromQuery)
        {
            return fromQuery;
        }

        if (request.Headers["X-Consul-Token"].ToString() is { Length: > 0 } fromHeader)
        {
            return fromHeader;
        }

        string authorization = request.Headers.Authorization.ToString();
        return authorization.StartsWith(BearerScheme, StringComparison.OrdinalIgnoreCase) && authorization.Length > BearerScheme.Length
            ? authorization[BearerScheme.Length..].Trim().Split(' ')[0]
            : fallback;
    }

    public static IReadOnlyDictionary<string, string> Headers(IHttpRequestFeature request)
    {
        Dictionary<string, string>? found = null;
        Take(request.Headers.CacheControl, "cache-control", ref found);
        Take(request.Headers.Accept, "accept", ref found);
        return found ?? None;
    }

    private static readonly IReadOnlyDictionary<string, string> None = new Dictionary<string, string>(StringComparer.Ordinal);

    private static void Take(StringValues values, string name, ref Dictionary<string, string>? found)
    {
        if (values.Count > 0)
        {
            (found ??= new(StringComparer.Ordinal))[name] = values.ToString();
        }
    }

    /// <summary>The whole body, or none when it is larger than allowed, and then how large it said it was.</summary>
    public static async ValueTask<(PooledBuffer? Body, long? TooLarge)> BodyAsync(
        IHttpRequestFeature request, PipeReader input, long bytesMax, CancellationToken cancellationToken)
    {
        long announced = ContentLength(request);
        if (announced > bytesMax)
        {
            return (null, announced);
        }

        var body = new PooledBuffer((int)Math.Clamp(announced, 256, int.MaxValue));
        while (true)
        {
            ReadResult read = await input.ReadAsync(cancellationToken).ConfigureAwait(false);
            long length = body.Length + read.Buffer.Length;
            if (length > bytesMax)
            {
                input.AdvanceTo(read.Buffer.End);
                body.Dispose();
                return (null, announced > 0 ? announced : null);
            }

            foreach (ReadOnlyMemory<byte> segment in read.Buffer)
            {
                body.Write(segment.Span);
            }

            input.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                return (body, null);
            }
        }
    }

    public static string ClientAddress(IFeatureCollection features) =>
        (features.Get<IHttpConnectionFeature>()?.RemoteIpAddress ?? IPAddress.None) is { IsIPv4MappedToIPv6: true } mapped
            ? mapped.MapToIPv4().ToString()
            : features.Get<IHttpConnectionFeature>()?.RemoteIpAddress?.ToString() ?? string.Empty;

    private static long ContentLength(IHttpRequestFeature request) =>
        long.TryParse(request.Headers.ContentLength?.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture, out long length) ? length : 0;
}
