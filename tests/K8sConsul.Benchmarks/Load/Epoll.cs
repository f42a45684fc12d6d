using System.Runtime.InteropServices;

namespace K8sConsul.Benchmarks.Load;

/// <summary>Linux's epoll and the calls beside it: one thread serves thousands of sockets for a fraction of what the sockets of .NET cost.</summary>
internal sealed partial class Epoll : IDisposable
{
    private const int EventIn = 1;
    private const int ControlAdd = 1;
    private const int EventsMax = 256;

    private readonly int _descriptor;
    private readonly Event[] _events = new Event[EventsMax];

    public Epoll()
    {
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture != Architecture.X64)
        {
            throw new BenchmarkException("the load generator knows Linux on x64 only");
        }

        _descriptor = Create(0);
        Check(_descriptor, "epoll_create1");
    }

    /// <param name="socket">Stays the caller's.</param>
    /// <param name="number">What <see cref="Wait"/> gives back for it.</param>
    public void Add(int socket, int number)
    {
        var wanted = new Event { Events = EventIn, Number = number };
        Check(Control(_descriptor, ControlAdd, socket, ref wanted), "epoll_ctl");
    }

    /// <returns>How many of <paramref name="numbers"/> are filled in.</returns>
    public int Wait(Span<int> numbers, int timeoutMs)
    {
        int count = WaitFor(_descriptor, _events, Math.Min(EventsMax, numbers.Length), timeoutMs);
        if (count < 0 && Marshal.GetLastPInvokeError() == 4)
        {
            return 0;
        }

        Check(count, "epoll_wait");
        for (int i = 0; i < count; i++)
        {
            numbers[i] = _events[i].Number;
        }

        return count;
    }

    public static unsafe int Receive(int socket, Span<byte> buffer)
    {
        fixed (byte* bytes = buffer)
        {
            return (int)ReceiveFrom(socket, bytes, buffer.Length, 0);
        }
    }

    public static unsafe int Send(int socket, ReadOnlySpan<byte> buffer)
    {
        const int NoSignal = 0x4000;
        fixed (byte* bytes = buffer)
        {
            return (int)SendTo(socket, bytes, buffer.Length, NoSignal);
        }
    }

    public void Dispose()
    {
        _ = Close(_descriptor);
    }

    private static void Check(int result, string call)
    {
        if (result < 0)
        {
            throw new BenchmarkException($"{call} failed with error {Marshal.GetLastPInvokeError()}");
        }
    }

    // Packed on x86-64 only (epoll_ctl(2), EPOLL_PACKED in the kernel's header).
    [StructLayout(LayoutKind.Sequential, Pack = 4)]
    private struct Event
    {
        public uint Events;
        public int Number;
        public int Unused;
    }

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Create(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Control(int epoll, int operation, int socket, ref Event wanted);

    [LibraryImport("libc", EntryPoint = "epoll_wait", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int WaitFor(int epoll, [Out] Event[] events, int count, int timeoutMs);

    [LibraryImport("libc", EntryPoint = "recv")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static unsafe partial nint ReceiveFrom(int socket, byte* buffer, nint length, int flags);

    [LibraryImport("libc", EntryPoint = "send")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static unsafe partial nint SendTo(int socket, byte* buffer, nint length, int flags);

    [LibraryImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Close(int descriptor);
}
