using System.Runtime.InteropServices;

namespace K8sConsul.Agent.Dns;

/// <summary>Linux's calls that receive and send many datagrams at once, with the local address of each. 64-bit layouts.</summary>
internal static unsafe partial class LinuxDatagrams
{
    /// <summary>Return as soon as there is one datagram, with whatever others are there already.</summary>
    public const int WaitForOne = 0x10000;

    public const int Interrupted = 4;
    public const int TryAgain = 11;

    /// <summary>Room for one <c>IP_PKTINFO</c> (12 octets) or <c>IPV6_PKTINFO</c> (20) behind its 16-octet header, aligned.</summary>
    public const int ControlLength = 40;

    /// <summary>Room for a <c>sockaddr_in6</c>.</summary>
    public const int AddressLength = 28;

    private const int SolIp = 0;
    private const int SolIpv6 = 41;
    private const int IpPktInfo = 8;
    private const int Ipv6PktInfo = 50;
    private const int ControlHeaderLength = 16;

    [StructLayout(LayoutKind.Sequential)]
    public struct IoVector
    {
        public byte* Base;
        public nuint Length;
    }

    /// <summary><c>struct mmsghdr</c>: a <c>msghdr</c>, which ends in padding, and the datagram's length.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 64)]
    public struct Message
    {
        [FieldOffset(0)]
        public byte* Name;

        [FieldOffset(8)]
        public uint NameLength;

        [FieldOffset(16)]
        public IoVector* Vectors;

        [FieldOffset(24)]
        public nuint VectorCount;

        [FieldOffset(32)]
        public byte* Control;

        [FieldOffset(40)]
        public nuint ControlLength;

        [FieldOffset(48)]
        public int Flags;

        [FieldOffset(56)]
        public uint Length;
    }

    /// <summary>Whether this process can use them.</summary>
    public static bool IsSupported => OperatingSystem.IsLinux() && sizeof(nint) == 8;

    [LibraryImport("libc", EntryPoint = "recvmmsg", SetLastError = true)]
    public static partial int Receive(int socket, Message* messages, uint count, int flags, void* timeout);

    [LibraryImport("libc", EntryPoint = "sendmmsg", SetLastError = true)]
    public static partial int Send(int socket, Message* messages, uint count, int flags);

    [LibraryImport("libc", EntryPoint = "shutdown", SetLastError = true)]
    public static partial int Shutdown(int socket, int how);

    /// <summary>
    /// Makes of the control data of a received datagram that of its reply: sent from the address that was asked, by whichever
    /// interface leads to the client.
    /// </summary>
    public static void AnswerFromSameAddress(Span<byte> control)
    {
        if (control.Length < ControlHeaderLength)
        {
            return;
        }

        int level = MemoryMarshal.Read<int>(control[8..]);
        int type = MemoryMarshal.Read<int>(control[12..]);
        Span<byte> data = control[ControlHeaderLength..];
        if (level == SolIp && type == IpPktInfo && data.Length >= 12)
        {
            // struct in_pktinfo: interface, local address, destination address.
            data[..4].Clear();
        }
        else if (level == SolIpv6 && type == Ipv6PktInfo && data.Length >= 20 && (data[0] != 0xfe || (data[1] & 0xc0) != 0x80))
        {
            // struct in6_pktinfo: address, interface. A link-local address means nothing without its interface.
            data[16..20].Clear();
        }
    }
}
