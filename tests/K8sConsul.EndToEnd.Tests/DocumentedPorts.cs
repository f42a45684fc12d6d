using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace K8sConsul.EndToEnd.Tests;

/// <summary>
/// The ports that documentation names can be used by one test of one process of this machine at a time: a file that everybody
/// locks says whose turn it is.
/// </summary>
internal sealed class DocumentedPorts : IDisposable
{
    private static readonly int[] _ports = [8300, 8301, 8302, 8500, 8600];
    private static readonly TimeSpan _longestTurn = TimeSpan.FromMinutes(10);
    private readonly FileStream _turn;

    private DocumentedPorts(FileStream turn) => _turn = turn;

    public static async Task<DocumentedPorts> TakeAsync()
    {
        string file = Path.Combine(Path.GetTempPath(), "k8sconsul-documented-ports.lock");
        FileStream turn = await Eventually.GetAsync(
            "no other test of this machine uses the documented ports",
            () => Task.FromResult<FileStream?>(new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None)),
            patience: _longestTurn);
        foreach (int port in _ports)
        {
            try
            {
                using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            }
            catch (SocketException taken)
            {
                await turn.DisposeAsync();
                Assert.Fail(string.Create(
                    CultureInfo.InvariantCulture,
                    $"README.md's commands need 127.0.0.1:{port}, which something else on this machine uses ({taken.SocketErrorCode}); stop that and run the test again"));
            }
        }

        return new DocumentedPorts(turn);
    }

    public void Dispose() => _turn.Dispose();
}
