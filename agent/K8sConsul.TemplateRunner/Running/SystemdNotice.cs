using System.Net.Sockets;

namespace K8sConsul.TemplateRunner.Running;

/// <summary>Tells systemd that everything was rendered once, where it has asked to be told.</summary>
internal static class SystemdNotice
{
    private const string SocketVariable = "NOTIFY_SOCKET";

    /// <summary>Nobody waits for it: a failure changes nothing.</summary>
    public static void SayReady(string? socketPath)
    {
        if (string.IsNullOrEmpty(socketPath))
        {
            return;
        }

        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
            socket.SendTo("READY=1"u8, new UnixDomainSocketEndPoint(socketPath[0] == '@' ? $"\0{socketPath[1..]}" : socketPath));
        }
        catch (Exception failure) when (failure is SocketException or ArgumentException)
        {
            // The unit then times out, and systemd's log says so.
        }
    }

    public static string? SocketPath => Environment.GetEnvironmentVariable(SocketVariable);
}
