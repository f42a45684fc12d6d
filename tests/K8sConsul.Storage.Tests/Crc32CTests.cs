using System.Text;

namespace K8sConsul.Storage.Tests;

public sealed class Crc32CTests
{
    /// <summary>RFC 3720 §B.4.</summary>
    [Fact]
    public void It_has_the_values_of_the_RFC()
    {
        Assert.Equal(0x8A9136AAu, Crc32C.Append(0, new byte[32]));
        Assert.Equal(0x62A8AB43u, Crc32C.Append(0, Enumerable.Repeat((byte)0xFF, 32).ToArray()));
        Assert.Equal(0x46DD794Eu, Crc32C.Append(0, Enumerable.Range(0, 32).Select(i => (byte)i).ToArray()));
        Assert.Equal(0xE3069283u, Crc32C.Append(0, "123456789"u8));
    }

    [Fact]
    public void Pieces_give_the_same_as_the_whole()
    {
        byte[] data = Encoding.ASCII.GetBytes("some text that is longer than a few words");
        for (int cut = 0; cut <= data.Length; cut++)
        {
            Assert.Equal(Crc32C.Append(0, data), Crc32C.Append(Crc32C.Append(0, data.AsSpan(0, cut)), data.AsSpan(cut)));
        }
    }
}
