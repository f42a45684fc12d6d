using System.Runtime.InteropServices;

namespace K8sConsul.Cli;

/// <summary>Reads one key from a plain address and nothing else: the shortest way through a process that has just started.</summary>
/// <remarks>
/// The just-in-time compiler takes about 0.1 ms for each method that runs for the first time. ConsulClient and the command's flags
/// need three hundred of them, this twenty: <c>consul kv get</c> takes 21.5 ms of processor time instead of 48, where a program that
/// does nothing takes 17.7, and HashiCorp's takes 23.8. Not even another assembly of ours is loaded.
/// It only knows the usual case. Whatever else happens, the caller asks again the long way, which explains itself.
/// </remarks>
internal static partial class QuickKvRead
{
    /// <summary>Head and value. The agent takes values up to 512 KiB by default.</summary>
    private const int AnswerBytesMax = 1024 * 1024;

    private const int RequestBytesMax = 4096;

    private const int FamilyInternet = 2;
    private const int StreamCloseOnExec = 1 | 0x80000;

    /// <param name="address"><c>a.b.c.d:port</c>; anything else is not for this class.</param>
    /// <param name="token">Empty for none.</param>
    /// <param name="key">Of letters, digits and a few marks that need no escaping.</param>
    /// <returns>The value with a newline behind it; empty (not even a newline) to ask the long way.</returns>
    public static ReadOnlySpan<byte> TryReadLine(string address, string token, string key)
    {
        if (!OperatingSystem.IsLinux() || !IsPlainKey(key) || !IsPlainToken(token)
            || address.Length + token.Length + key.Length > RequestBytesMax / 2)
        {
            return [];
        }

        ulong endPoint = ParseEndPoint(address);
        int socket = endPoint == 0 ? -1 : Connect(endPoint);
        if (socket < 0)
        {
            return [];
        }

        byte[] answer = Exchange(socket, $"GET /v1/kv/{key}?raw= HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nUser-Agent: K8sConsul\r\n"
            + (token.Length == 0 ? "\r\n" : $"X-Consul-Token: {token}\r\n\r\n"), out int length);
        return ValueOf(answer, length);
    }

    /// <summary>Up to where the agent closes, or the buffer ends.</summary>
    private static unsafe byte[] Exchange(int socket, string request, out int length)
    {
        byte[] buffer = new byte[16 * 1024];
        for (int i = 0; i < request.Length; i++)
        {
            buffer[i] = (byte)request[i];
        }

        length = 0;
        nint count;
        fixed (byte* bytes = buffer)
        {
            count = WriteTo(socket, bytes, request.Length) == request.Length ? 1 : 0;
        }

        while (count > 0 && length < AnswerBytesMax)
        {
            if (length == buffer.Length)
            {
                Array.Resize(ref buffer, buffer.Length * 4);
            }

            fixed (byte* bytes = buffer)
            {
                count = ReadFrom(socket, bytes + length, buffer.Length - length);
            }

            length += (int)Math.Max(0, count);
        }

        // A failure, and an answer too long, look like one that is cut: its length is not what it says.
        _ = Close(socket);
        return buffer;
    }

    /// <summary>Only of a 200 that says its length and has it.</summary>
    private static ReadOnlySpan<byte> ValueOf(byte[] answer, int length)
    {
        if (length < 12 || answer[0] != 'H' || answer[9] != '2' || answer[10] != '0' || answer[11] != '0')
        {
            return [];
        }

        int announced = -1;
        int line = 0;
        for (int at = 0; at < length; at++)
        {
            if (answer[at] != '\n')
            {
                continue;
            }

            if (at - line <= 1)
            {
                int start = at + 1;
                if (announced < 0 || length - start != announced || length == answer.Length)
                {
                    return [];
                }

                answer[length] = (byte)'\n';
                return answer.AsSpan(start, announced + 1);
            }

            if (IsContentLength(answer, line, at))
            {
                announced = ParseLength(answer, line + 15, at);
            }

            line = at + 1;
        }

        return [];
    }

    private static bool IsContentLength(byte[] answer, int start, int end)
    {
        const string Name = "content-length:";
        if (end - start <= Name.Length)
        {
            return false;
        }

        for (int i = 0; i < Name.Length; i++)
        {
            // Letters differ in this bit by their case; the hyphen and the colon have it set.
            if ((answer[start + i] | 0x20) != Name[i])
            {
                return false;
            }
        }

        return true;
    }

    private static int ParseLength(byte[] answer, int start, int end)
    {
        int value = 0;
        for (int i = start; i < end; i++)
        {
            int digit = answer[i] - '0';
            if (digit is >= 0 and <= 9 && value < AnswerBytesMax)
            {
                value = (value * 10) + digit;
            }
            else if (answer[i] is not ((byte)' ' or (byte)'\r'))
            {
                return -1;
            }
        }

        return value;
    }

    /// <summary>A dotted quad and a port, as they stand in a socket address behind the family: the port first, both in network order.</summary>
    /// <returns>Zero when it is none.</returns>
    internal static ulong ParseEndPoint(string address)
    {
        ulong bytes = 0;
        int part = 0;
        int value = -1;
        foreach (char letter in address)
        {
            int digit = letter - '0';
            if (digit is >= 0 and <= 9 && value <= ushort.MaxValue)
            {
                value = (Math.Max(value, 0) * 10) + digit;
            }
            else if (letter == (part < 3 ? '.' : ':') && part < 4 && value is >= 0 and <= 255)
            {
                bytes |= (ulong)value << (16 + (8 * part++));
                value = -1;
            }
            else
            {
                return 0;
            }
        }

        return part == 4 && value is > 0 and <= ushort.MaxValue ? bytes | (uint)(value >> 8) | ((ulong)(byte)value << 8) : 0;
    }

    /// <returns>The socket's descriptor; negative when it cannot be connected, for whatever reason.</returns>
    private static unsafe int Connect(ulong endPoint)
    {
        ulong* target = stackalloc ulong[2];
        target[0] = (endPoint << 16) | FamilyInternet;
        target[1] = 0;
        int socket = OpenSocket(FamilyInternet, StreamCloseOnExec, 0);
        if (socket < 0 || ConnectSocket(socket, target, 16) == 0)
        {
            return socket;
        }

        _ = Close(socket);
        return -1;
    }

    /// <summary>Neither escaping nor the agent's cleaning of paths has anything to do with it.</summary>
    private static bool IsPlainKey(string key)
    {
        char last = '/';
        foreach (char letter in key)
        {
            bool plain = letter is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9') or '-' or '_'
                || (letter is '/' or '.' && last is not ('/' or '.'));
            if (!plain)
            {
                return false;
            }

            last = letter;
        }

        return key.Length > 0;
    }

    private static bool IsPlainToken(string token)
    {
        foreach (char letter in token)
        {
            if (letter is <= ' ' or >= (char)127)
            {
                return false;
            }
        }

        return true;
    }

    [LibraryImport("libc", EntryPoint = "socket")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int OpenSocket(int family, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "connect")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static unsafe partial int ConnectSocket(int socket, ulong* address, int length);

    [LibraryImport("libc", EntryPoint = "write")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static unsafe partial nint WriteTo(int descriptor, byte* bytes, nint count);

    [LibraryImport("libc", EntryPoint = "read")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static unsafe partial nint ReadFrom(int descriptor, byte* bytes, nint count);

    [LibraryImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Close(int descriptor);
}
