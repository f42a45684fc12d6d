using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using K8sConsul.Go;
using Microsoft.Win32.SafeHandles;

namespace K8sConsul.Contracts.Client.Transport;

/// <summary>Connects to an agent with Linux's own calls. The socket is then read and written like any pipe.</summary>
internal static partial class DirectSocket
{
    private const int FamilyUnix = 1;
    private const int FamilyInternet = 2;
    private const int FamilyInternet6 = 10;
    private const int StreamCloseOnExec = 1 | 0x80000;

    /// <summary>sockaddr_un.sun_path with its final zero.</summary>
    private const int SocketPathBytesMax = 108;

    public static FileStream Connect(ConsulAddress address)
    {
        if (address.SocketPath is { } path)
        {
            return ConnectUnix(path);
        }

        if (address.Authority.Length == 0)
        {
            throw new TransportException("http: no Host in request URL");
        }

        if (address.Port is not { } port)
        {
            throw new TransportException($"dial tcp: address {address.PortText}: invalid port");
        }

        uint v4 = ParseDottedQuad(address.Host);
        return v4 != 0 ? ConnectV4(v4, port, address.DialText) : ConnectByName(address, port);
    }

    private static FileStream ConnectUnix(string path)
    {
        Span<byte> target = stackalloc byte[2 + SocketPathBytesMax];
        int length = Encoding.UTF8.GetByteCount(path);
        if (length >= SocketPathBytesMax)
        {
            throw new TransportException($"dial unix {path}: connect: invalid argument");
        }

        target.Clear();
        BinaryPrimitives.WriteUInt16LittleEndian(target, FamilyUnix);
        Encoding.UTF8.GetBytes(path, target[2..]);
        return Connect(FamilyUnix, target[..(2 + length + 1)], $"unix {path}");
    }

    private static FileStream ConnectV4(uint host, int port, string dialText)
    {
        Span<byte> target = stackalloc byte[16];
        target.Clear();
        BinaryPrimitives.WriteUInt16LittleEndian(target, FamilyInternet);
        BinaryPrimitives.WriteUInt16BigEndian(target[2..], (ushort)port);
        BinaryPrimitives.WriteUInt32BigEndian(target[4..], host);
        return Connect(FamilyInternet, target, $"tcp {dialText}");
    }

    private static FileStream ConnectByName(ConsulAddress address, int port)
    {
        TransportException? first = null;
        foreach (IPAddress candidate in HostLookup.Resolve(address.Host))
        {
            try
            {
                return ConnectTo(candidate, port);
            }
            catch (TransportException failure)
            {
                // Go reports the first address's failure, not the last's.
                first ??= failure;
            }
        }

        throw first ?? HostLookup.NoSuchHost(address.Host);
    }

    private static FileStream ConnectTo(IPAddress candidate, int port)
    {
        string dialText = new IPEndPoint(candidate, port).ToString();
        if (candidate.AddressFamily == AddressFamily.InterNetwork)
        {
            return ConnectV4(BinaryPrimitives.ReadUInt32BigEndian(candidate.GetAddressBytes()), port, dialText);
        }

        Span<byte> target = stackalloc byte[28];
        target.Clear();
        BinaryPrimitives.WriteUInt16LittleEndian(target, FamilyInternet6);
        BinaryPrimitives.WriteUInt16BigEndian(target[2..], (ushort)port);
        candidate.GetAddressBytes().CopyTo(target[8..]);
        BinaryPrimitives.WriteUInt32LittleEndian(target[24..], (uint)candidate.ScopeId);
        return Connect(FamilyInternet6, target, $"tcp {dialText}");
    }

    private static unsafe FileStream Connect(int family, ReadOnlySpan<byte> target, string dialText)
    {
        int descriptor = OpenSocket(family, StreamCloseOnExec, 0);
        if (descriptor < 0)
        {
            throw new TransportException($"dial {dialText}: socket: {GoErrors.OfErrno(Marshal.GetLastPInvokeError())}");
        }

        var socket = new SafeFileHandle(descriptor, ownsHandle: true);
        int outcome;
        fixed (byte* bytes = target)
        {
            outcome = ConnectSocket(descriptor, bytes, target.Length);
        }

        if (outcome == 0)
        {
            return new FileStream(socket, FileAccess.ReadWrite, bufferSize: 0, isAsync: false);
        }

        int errno = Marshal.GetLastPInvokeError();
        socket.Dispose();
        throw new TransportException($"dial {dialText}: connect: {GoErrors.OfErrno(errno)}");
    }

    /// <summary>Zero when it is none (0.0.0.0 is one, but goes the long way).</summary>
    /// <remarks>By hand: IPAddress.TryParse costs a fresh process 3 ms.</remarks>
    internal static uint ParseDottedQuad(string host)
    {
        uint value = 0;
        int next = 0;
        for (int part = 0; part < 4; part++)
        {
            if (part > 0 && (next == host.Length || host[next++] != '.'))
            {
                return 0;
            }

            int number = 0;
            int start = next;
            while (next < host.Length && next - start < 3 && char.IsAsciiDigit(host[next]))
            {
                number = (number * 10) + (host[next++] - '0');
            }

            if (next == start || number > 255)
            {
                return 0;
            }

            value = (value << 8) | (uint)number;
        }

        return next == host.Length ? value : 0;
    }

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int OpenSocket(int family, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "connect", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static unsafe partial int ConnectSocket(int socket, byte* address, int length);
}

/// <summary>Names to addresses, with Go's text when there are none.</summary>
internal static class HostLookup
{
    private const string ResolverFile = "/etc/resolv.conf";
    private const int ResolverFileBytesMax = 64 * 1024;

    public static IPAddress[] Resolve(string host)
    {
        if (IPAddress.TryParse(host, out IPAddress? literal))
        {
            return [literal];
        }

        try
        {
            return Dns.GetHostAddresses(host);
        }
        catch (Exception failure) when (failure is SocketException or ArgumentException)
        {
            throw NoSuchHost(host, failure);
        }
    }

    public static TransportException NoSuchHost(string host, Exception? failure = null)
    {
        string text = string.Create(CultureInfo.InvariantCulture, $"dial tcp: lookup {host}{OnNameServer(host)}: no such host");
        return failure is null ? new TransportException(text) : new TransportException(text, failure);
    }

    /// <summary>Go names the server it asked. A name that cannot be one is not looked up at all.</summary>
    private static string OnNameServer(string host)
    {
        foreach (char letter in host)
        {
            if (!char.IsAsciiLetterOrDigit(letter) && letter is not ('-' or '.' or '_'))
            {
                return string.Empty;
            }
        }

        byte[]? text = GoFile.TryReadAll(ResolverFile, ResolverFileBytesMax, out _);
        foreach (string line in Encoding.UTF8.GetString(text ?? []).Split('\n'))
        {
            string[] words = line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length > 1 && words[0] == "nameserver" && IPAddress.TryParse(words[1], out IPAddress? server))
            {
                return $" on {new IPEndPoint(server, 53)}";
            }
        }

        return string.Empty;
    }
}
