using System.Globalization;
using K8sConsul.Go;

namespace K8sConsul.Server.Api.Reading;

/// <summary>How fresh an answer must be.</summary>
public enum Consistency
{
    /// <summary>The leader's word, protected by its lease.</summary>
    Default,

    /// <summary>Confirmed by a quorum before the answer.</summary>
    Consistent,

    /// <summary>Whatever the server that was asked has.</summary>
    Stale,
}

/// <summary>The parameters that every read understands.</summary>
/// <param name="MinIndex">Block until the index is above this; 0 answers at once.</param>
/// <param name="Wait">How long to block, without jitter; zero stands for the default.</param>
/// <param name="MaxStale">With <see cref="Consistency.Stale"/>: an older answer is asked for again at the leader.</param>
public readonly record struct ReadOptions(ulong MinIndex, TimeSpan Wait, Consistency Consistency, TimeSpan MaxStale)
{
    /// <exception cref="ApiRefusedException">In Consul's words.</exception>
    public static ReadOptions Parse(ApiRequest request)
    {
        if (request.Options is { } known)
        {
            return known;
        }

        RefuseCacheControl(request.Headers.GetValueOrDefault("cache-control", string.Empty));
        ulong minIndex = ParseIndex(request.Query["index"]);
        TimeSpan wait = ParseWait(request.Query["wait"]);
        ReadOptions options = ParseConsistency(request.Query) with { MinIndex = minIndex, Wait = wait };
        request.Options = options;
        return options;
    }

    /// <summary>Only what says how fresh the answer must be.</summary>
    /// <exception cref="ApiRefusedException">In Consul's words.</exception>
    public static ReadOptions ParseConsistency(ApiQuery query)
    {
        ReadOptions options = default;
        bool stale = query.Has("stale");
        if (query["max_stale"] is { Length: > 0 } age)
        {
            if (!GoDuration.TryParse(age, out GoDuration maxStale, out _))
            {
                throw ApiRefusedException.BadRequest($"Invalid max_stale value {GoText.Quote(age)}");
            }

            options = options with { MaxStale = TimeSpan.FromTicks(maxStale.Nanoseconds / TimeSpan.NanosecondsPerTick) };
            stale |= options.MaxStale > TimeSpan.Zero;
        }

        bool consistent = query.Has("consistent");
        if (stale && consistent)
        {
            throw ApiRefusedException.BadRequest("Cannot specify ?stale with ?consistent, conflicting semantics.");
        }

        if (consistent && query.Has("cached"))
        {
            throw ApiRefusedException.BadRequest("Cannot specify ?cached with ?consistent, conflicting semantics.");
        }

        return options with
        {
            Consistency = stale ? Consistency.Stale : consistent ? Consistency.Consistent : Consistency.Default,
        };
    }

    /// <summary>There is no agent cache to steer, but what Consul cannot parse is an error here too.</summary>
    private static void RefuseCacheControl(string header)
    {
        foreach (string directive in header.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            string[] parts = directive.ToLowerInvariant().Split('=', 2);
            if (parts is ["max-age" or "stale-if-error", var seconds]
                && !long.TryParse(seconds, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _))
            {
                throw ApiRefusedException.BadRequest("Invalid Cache-Control header.");
            }
        }
    }

    private static ulong ParseIndex(string text)
    {
        if (text.Length == 0)
        {
            return 0;
        }

        return ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong index)
            ? index
            : throw ApiRefusedException.BadRequest("Invalid index");
    }

    private static TimeSpan ParseWait(string text)
    {
        if (text.Length == 0)
        {
            return TimeSpan.Zero;
        }

        return GoDuration.TryParse(text, out GoDuration wait, out _)
            ? TimeSpan.FromTicks(wait.Nanoseconds / TimeSpan.NanosecondsPerTick)
            : throw ApiRefusedException.BadRequest("Invalid wait time");
    }
}
