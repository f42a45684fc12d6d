using System.Globalization;
using System.Text;
using K8sConsul.Contracts.GoJson;

namespace K8sConsul.Server.Api;

/// <summary>The answer to an <see cref="ApiRequest"/>. Owns its buffer; whoever sends it disposes it.</summary>
public sealed class ApiResponse : IDisposable
{
    public const string JsonType = "application/json";
    public const string TextType = "text/plain; charset=utf-8";

    private PooledBuffer? _body;
    private List<KeyValuePair<string, string>>? _headers;
    private bool _isBare;

    public int Status { get; init; } = 200;

    /// <summary>Null for answers without one: successful writes of the agent have neither body nor type.</summary>
    public string? ContentType { get; init; }

    public IReadOnlyList<KeyValuePair<string, string>> Headers => _headers ?? (IReadOnlyList<KeyValuePair<string, string>>)[];

    public ReadOnlyMemory<byte> Body => _body?.Memory ?? FixedBody;

    /// <summary>A body that is not owned, such as a cached one.</summary>
    public ReadOnlyMemory<byte> FixedBody { get; init; }

    /// <summary>A body of unknown length, written as it is made; then <see cref="Body"/> is empty.</summary>
    public Func<Stream, CancellationToken, Task>? Stream { get; init; }

    /// <summary>What <see cref="Stream"/> reads from; disposed with the answer, whether or not anybody wanted the body.</summary>
    public IDisposable? Resource { get; init; }

    /// <summary>200 with neither body nor Content-Type.</summary>
    public static ApiResponse Empty() => new();

    public static ApiResponse EmptyWithStatus(int status) => new() { Status = status };

    /// <summary>A text answer; errors are such.</summary>
    public static ApiResponse Text(int status, string text) => Owning(status, TextType, body => Encoding.UTF8.GetBytes(text, body));

    /// <summary>A JSON answer that <paramref name="write"/> makes.</summary>
    public static ApiResponse Json(ApiRequest request, Action<GoJsonWriter> write, int status = 200, string contentType = JsonType)
    {
        var body = new PooledBuffer();
        var writer = new GoJsonWriter(body, request.Pretty);
        write(writer);
        writer.EndDocument();
        return new ApiResponse { Status = status, ContentType = contentType, _body = body };
    }

    public static ApiResponse Json(ApiRequest request, bool value) => Json(request, writer => writer.Bool(value));

    public static ApiResponse Bytes(int status, string? contentType, ReadOnlySpan<byte> bytes)
    {
        var body = new PooledBuffer(Math.Max(bytes.Length, 1));
        bytes.CopyTo(body.GetSpan(bytes.Length));
        body.Advance(bytes.Length);
        return new ApiResponse { Status = status, ContentType = contentType, _body = body };
    }

    public ApiResponse WithHeader(string name, string value)
    {
        (_headers ??= new(4)).Add(new(name, value));
        return this;
    }

    /// <summary>For the few reads whose answer must not carry the headers of a read.</summary>
    public ApiResponse WithoutMeta()
    {
        _isBare = true;
        return this;
    }

    /// <summary>The headers that every read carries.</summary>
    public ApiResponse WithMeta(in ReadMeta meta)
    {
        if (_isBare)
        {
            return this;
        }

        WithHeader("X-Consul-Index", Math.Max(meta.Index, 1).ToString(CultureInfo.InvariantCulture));
        WithHeader("X-Consul-Knownleader", meta.KnownLeader ? "true" : "false");
        WithHeader("X-Consul-Lastcontact", ((long)meta.LastContact.TotalMilliseconds).ToString(CultureInfo.InvariantCulture));
        return meta.Consistency is null ? this : WithHeader("X-Consul-Effective-Consistency", meta.Consistency);
    }

    public void Dispose()
    {
        _body?.Dispose();
        _body = null;
        Resource?.Dispose();
    }

    private static ApiResponse Owning(int status, string contentType, Action<PooledBuffer> write)
    {
        var body = new PooledBuffer();
        write(body);
        return new ApiResponse { Status = status, ContentType = contentType, _body = body };
    }
}

/// <summary>What a read tells about its freshness.</summary>
/// <param name="Consistency"><c>leader</c>, <c>consistent</c> or <c>stale</c>; null on endpoints that do not say.</param>
public readonly record struct ReadMeta(ulong Index, bool KnownLeader, TimeSpan LastContact, string? Consistency);
