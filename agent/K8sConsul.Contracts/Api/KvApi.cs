using System.Globalization;
using K8sConsul.Contracts.Client;
using K8sConsul.Contracts.Model;

namespace K8sConsul.Contracts.Api;

/// <summary><c>/v1/kv</c>. Writes answer false when a condition (cas, lock) did not hold.</summary>
public static class KvApi
{
    private const string Root = "/v1/kv/";

    private static ConsulJsonContext Json => ConsulJsonContext.Default;

    /// <summary>Null when there is no such key.</summary>
    public static ConsulRequest<KvPair?> Get(string key, QueryOptions? options = null)
    {
        return new ConsulRequest<KvPair?>("GET", Root + key, ReadPair).With(options);
    }

    /// <summary>Just the value; null when there is no such key. The cheapest read for both sides.</summary>
    public static ConsulRequest<byte[]?> GetRaw(string key, QueryOptions? options = null)
    {
        return new ConsulRequest<byte[]?>("GET", Root + key, answer => IsMissing(answer) ? null : answer.Body)
        {
            UnshownFlag = "raw",
        }.With(options);
    }

    /// <summary>In the order of keys; empty when there are none.</summary>
    public static ConsulRequest<List<KvPair>> List(string prefix, QueryOptions? options = null)
    {
        return new ConsulRequest<List<KvPair>>(
            "GET", Root + prefix, answer => IsMissing(answer) ? [] : answer.ReadJson(Json.ListKvPair))
            .WithFlag("recurse").With(options);
    }

    /// <param name="prefix">Byte for byte, not by path.</param>
    /// <param name="separator">Keys are cut after its first occurrence behind the prefix; empty lists whole keys.</param>
    /// <param name="options">Null for the defaults.</param>
    public static ConsulRequest<List<string>> Keys(string prefix, string separator = "", QueryOptions? options = null)
    {
        return new ConsulRequest<List<string>>(
            "GET", Root + prefix, answer => IsMissing(answer) ? [] : answer.ReadJson(Json.ListString))
            .WithFlag("keys").With("separator", separator).With(options);
    }

    public static ConsulRequest<bool> Put(string key, ReadOnlyMemory<byte> value, KvWriteOptions? write = null, QueryOptions? options = null)
    {
        return new ConsulRequest<bool>("PUT", Root + key, ReadOutcome) { Body = value }
            .With("flags", Number(write?.Flags))
            .With("cas", write?.CheckIndex?.ToString(CultureInfo.InvariantCulture))
            .With("acquire", write?.Acquire)
            .With("release", write?.Release)
            .With(options);
    }

    /// <param name="key">True also when there is no such key.</param>
    /// <param name="checkIndex">Null deletes whatever is there.</param>
    /// <param name="options">Null for the defaults.</param>
    public static ConsulRequest<bool> Delete(string key, ulong? checkIndex = null, QueryOptions? options = null)
    {
        return new ConsulRequest<bool>("DELETE", Root + key, ReadOutcome)
            .With("cas", checkIndex?.ToString(CultureInfo.InvariantCulture)).With(options);
    }

    /// <summary>Everything below the prefix; an empty one deletes the whole store.</summary>
    public static ConsulRequest<bool> DeleteTree(string prefix, QueryOptions? options = null)
    {
        return new ConsulRequest<bool>("DELETE", Root + prefix, ReadOutcome).WithFlag("recurse").With(options);
    }

    private static string? Number(ulong? value)
    {
        return value is null or 0 ? null : value.Value.ToString(CultureInfo.InvariantCulture);
    }

    private static KvPair? ReadPair(ConsulAnswer answer)
    {
        if (IsMissing(answer))
        {
            return null;
        }

        List<KvPair> pairs = answer.ReadJson(Json.ListKvPair);
        return pairs.Count > 0 ? pairs[0] : null;
    }

    /// <summary>Reads leave the body out of the error, as Go's client does.</summary>
    private static bool IsMissing(ConsulAnswer answer)
    {
        return answer.StatusCode switch
        {
            200 => false,
            404 => true,
            _ => throw ConsulException.UnexpectedBareCode(answer.StatusCode, answer.BodyText),
        };
    }

    private static bool ReadOutcome(ConsulAnswer answer)
    {
        return answer.RequireOk().BodyText.Contains("true", StringComparison.Ordinal);
    }
}

/// <summary>Conditions and extras of a key's write. At most one of the three conditions may be given.</summary>
public sealed record KvWriteOptions
{
    /// <summary>A write without flags resets them to zero.</summary>
    public ulong Flags { get; init; }

    /// <summary>Write only if this is the key's ModifyIndex; 0 writes only if there is no such key.</summary>
    public ulong? CheckIndex { get; init; }

    /// <summary>The session that takes the lock.</summary>
    public string? Acquire { get; init; }

    /// <summary>The session that gives it back.</summary>
    public string? Release { get; init; }
}
