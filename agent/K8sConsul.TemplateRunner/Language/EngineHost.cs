using K8sConsul.Addresses;

namespace K8sConsul.TemplateRunner.Language;

/// <summary>What templates reach of this machine, besides files and programs.</summary>
public sealed record EngineHost
{
    /// <summary>For <c>timestamp</c>, and the time that a plugin may take.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>Null for an absent variable.</summary>
    public required Func<string, string?> Environment { get; init; }

    /// <summary>For <c>sockaddr</c>.</summary>
    public required INetworkInterfaces Interfaces { get; init; }

    /// <summary>Gets what <c>spew_dump</c> and <c>spew_printf</c> show.</summary>
    public required Action<string> Debug { get; init; }
}
