using System.Net.Sockets;
using System.Text;
using K8sConsul.TemplateRunner.Running;

namespace K8sConsul.TemplateRunner.Tests.Running;

public sealed class SystemdNoticeTests
{
    [Fact]
    public void Readiness_is_said_once_there_is_somebody_to_hear_it()
    {
        using var folder = new TempFolder();
        using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { ReceiveTimeout = 20_000 };
        socket.Bind(new UnixDomainSocketEndPoint(folder.Path("notify")));
        SystemdNotice.SayReady(folder.Path("notify"));
        byte[] heard = new byte[100];
        Assert.Equal("READY=1", Encoding.UTF8.GetString(heard, 0, socket.Receive(heard)));
        SystemdNotice.SayReady(null);
        SystemdNotice.SayReady(folder.Path("nobody"));
    }
}
