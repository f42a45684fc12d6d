using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using K8sConsul.Contracts.Client;

namespace K8sConsul.Contracts.Api;

/// <summary>The usual kinds of request.</summary>
internal static class ApiRequest
{
    public static ConsulRequest<T> Get<T>(string path, JsonTypeInfo<T> type)
    {
        return new ConsulRequest<T>("GET", path, answer => answer.RequireOk().ReadJson(type));
    }

    /// <summary>A write that answers nothing.</summary>
    public static ConsulRequest<Nothing> Put(string path)
    {
        return new ConsulRequest<Nothing>("PUT", path, ReadNothing);
    }

    public static ConsulRequest<Nothing> Put<TBody>(string path, TBody body, JsonTypeInfo<TBody> bodyType)
    {
        return new ConsulRequest<Nothing>("PUT", path, ReadNothing) { Body = ToJson(body, bodyType) };
    }

    public static ConsulRequest<T> Put<T, TBody>(string path, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<T> type)
    {
        return new ConsulRequest<T>("PUT", path, answer => answer.RequireOk().ReadJson(type)) { Body = ToJson(body, bodyType) };
    }

    public static Nothing ReadNothing(ConsulAnswer answer)
    {
        answer.RequireOk();
        return default;
    }

    public static ReadOnlyMemory<byte> ToJson<TBody>(TBody body, JsonTypeInfo<TBody> type)
    {
        return JsonSerializer.SerializeToUtf8Bytes(body, type);
    }
}

/// <summary>The value of an answer that has none.</summary>
public readonly record struct Nothing;
