using System.Net;
using K8sConsul.Addresses;
using K8sConsul.TemplateRunner.Language;

namespace K8sConsul.TemplateRunner.Tests;

/// <summary>A machine as templates see it.</summary>
internal static class TestHost
{
    public static EngineHost Sample { get; } = new()
    {
        Time = TimeProvider.System,
        Environment = static name => name is "SET" ? "value" : null,
        Interfaces = new Loopback(),
        Debug = static _ => { },
    };

    private sealed class Loopback : INetworkInterfaces
    {
        public IReadOnlyList<InterfaceAddress> Addresses()
        {
            return [new InterfaceAddress("lo", InterfaceFlags.Up | InterfaceFlags.Loopback, IPAddress.Loopback, 8)];
        }

        public string? DefaultInterface()
        {
            return null;
        }
    }
}
