using System.Security.Cryptography;

namespace K8sConsul.Template.Functions;

/// <summary>What functions ask of the outside. Of what is not given, the functions that need it are absent, unless said otherwise.</summary>
public sealed record FunctionHost
{
    /// <summary>An environment variable; null or empty when it is not set.</summary>
    public Func<string, string?>? Environment { get; init; }

    /// <summary>The time now; its offset is the local zone.</summary>
    public Func<DateTimeOffset>? Clock { get; init; }

    /// <summary>A random number from 0 up to below its argument, which is positive.</summary>
    public Func<int, int>? Random { get; init; }

    /// <summary>A new private key, such as <see cref="PrivateKeys.Create"/> makes. Certificates ask for the clock and for chance, too.</summary>
    public Func<PrivateKeyKind, AsymmetricAlgorithm>? PrivateKey { get; init; }

    /// <summary>An address of a host by its name; null when there is none.</summary>
    public Func<string, string?>? HostByName { get; init; }

    /// <summary>A time zone by its IANA name. Null, given or answered: UTC is the only one.</summary>
    public Func<string, TimeZoneInfo?>? Zone { get; init; }

    /// <summary>Gets what <c>spew_dump</c> and <c>spew_printf</c> show. Not given: it is dropped.</summary>
    public Action<string>? Debug { get; init; }
}
