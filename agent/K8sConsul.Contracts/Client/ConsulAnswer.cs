using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using K8sConsul.Contracts.Model;

namespace K8sConsul.Contracts.Client;

/// <summary>A whole answer.</summary>
internal sealed class ConsulAnswer
{
    /// <summary>A listing of the largest clusters stays far below.</summary>
    public const int BodyBytesMax = 512 * 1024 * 1024;

    private readonly HeaderList _headers;

    public ConsulAnswer(int statusCode, HeaderList headers, byte[] body)
    {
        StatusCode = statusCode;
        _headers = headers;
        Body = body;
    }

    public int StatusCode { get; }

    public byte[] Body { get; }

    public string BodyText => Encoding.UTF8.GetString(Body);

    /// <summary>Refuses everything but 200, with the body in the message.</summary>
    public ConsulAnswer RequireOk()
    {
        return StatusCode == 200 ? this : throw ConsulException.UnexpectedCode(StatusCode, BodyText);
    }

    public T ReadJson<T>(JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(Body, type)!;
        }
        catch (JsonException failure)
        {
            throw Unexpected(failure);
        }
    }

    public T ReadJson<T>(JsonBodyReader<T> read)
    {
        try
        {
            var json = new Utf8JsonReader(Body);
            return read(ref json);
        }
        catch (JsonException failure)
        {
            throw Unexpected(failure);
        }
    }

    private static ConsulException Unexpected(JsonException failure)
    {
        return new ConsulException($"the answer is not the JSON expected here: {failure.Message}", failure);
    }

    public QueryMeta Meta()
    {
        return QueryMeta.Of(_headers);
    }
}
