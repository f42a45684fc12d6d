using System.Net;
using System.Net.Sockets;

namespace K8sConsul.Grpc.Net;

/// <summary>Makes TCP connections and reports failures in Go's words.</summary>
public static class Dialer
{
    /// <summary>
    /// Connects to the first address of the host that answers; when none does, the failure of the first address is
    /// reported, as Go does.
    /// </summary>
    /// <param name="host">An IP literal (IPv6 without brackets) or a name.</param>
    /// <exception cref="DialException">The name does not resolve or nobody accepts.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was cancelled; deadlines are the caller's.</exception>
    public static async ValueTask<Socket> ConnectAsync(string host, int port, CancellationToken stop)
    {
        IPAddress[] addresses = await ResolveAsync("tcp", host, stop).ConfigureAwait(false);
        DialException? first = null;
        foreach (IPAddress address in addresses)
        {
            Socket socket = new(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            IPEndPoint endPoint = new(address, port);
            try
            {
                await socket.ConnectAsync(endPoint, stop).ConfigureAwait(false);
                return socket;
            }
            catch (SocketException e)
            {
                socket.Dispose();
                first ??= new DialException($"dial tcp {endPoint}: connect: {GoNetError.Text(e.SocketErrorCode)}", e.SocketErrorCode, e);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }

        throw first!;
    }

    /// <summary>Addresses of a host; at least one.</summary>
    /// <exception cref="DialException">There are none: <c>dial tcp: lookup x on 10.0.0.1:53: no such host</c>.</exception>
    public static async ValueTask<IPAddress[]> ResolveAsync(string network, string host, CancellationToken stop)
    {
        if (IPAddress.TryParse(host, out IPAddress? literal))
        {
            return [literal];
        }

        if (host.Length == 0)
        {
            // Go reads an empty host as this machine.
            return [IPAddress.Loopback];
        }

        IPAddress[] addresses;
        try
        {
            addresses = await Dns.GetHostAddressesAsync(host, stop).ConfigureAwait(false);
        }
        catch (SocketException e)
        {
            throw LookupFailed(network, host, e.SocketErrorCode, e);
        }

        return addresses.Length > 0 ? addresses : throw LookupFailed(network, host, SocketError.HostNotFound, inner: null);
    }

    private static DialException LookupFailed(string network, string host, SocketError error, Exception? inner)
    {
        string reason = error switch
        {
            SocketError.HostNotFound or SocketError.NoData => "no such host",
            SocketError.TryAgain => "server misbehaving",
            _ => GoNetError.Text(error),
        };
        return new DialException($"dial {network}: lookup {host}{NameServer()}: {reason}", error, inner);
    }

    /// <summary>Go's resolver names the server it asked; the first of resolv.conf is the one it asks first.</summary>
    private static string NameServer()
    {
        try
        {
            foreach (string line in File.ReadLines("/etc/resolv.conf"))
            {
                string[] words = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
                if (words is ["nameserver", string server, ..] && IPAddress.TryParse(server, out IPAddress? address))
                {
                    return $" on {new IPEndPoint(address, 53)}";
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Without the file Go asks 127.0.0.1:53; the text is for people, and the lookup itself has failed already.
            return " on 127.0.0.1:53";
        }

        return " on 127.0.0.1:53";
    }
}
