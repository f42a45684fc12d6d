namespace K8sConsul.Grpc.Tests;

public sealed class HeaderTests
{
    [Theory]
    [InlineData(0, "0n")]
    [InlineData(1, "100n")]
    [InlineData(999_999, "99999900n")]
    [InlineData(1_000_000, "100000u")]
    [InlineData(20_000_000, "2000000u")]
    [InlineData(10_000_000_000, "1000000m")]
    [InlineData(36_000_000_000_000, "3600000S")]
    [InlineData(long.MaxValue, "99999999H")]
    [InlineData(-5, "0n")]
    public void A_timeout_is_written_in_the_finest_unit_of_eight_digits(long ticks, string text)
    {
        Assert.Equal(text, GrpcTimeout.Format(new TimeSpan(ticks)));
    }

    [Fact]
    public void A_timeout_never_shrinks_on_its_way()
    {
        Random random = new(7);
        for (int i = 0; i < 10_000; i++)
        {
            TimeSpan timeout = new(random.NextInt64(0, 1L << random.Next(1, 62)));
            Assert.True(GrpcTimeout.TryParse(GrpcTimeout.Format(timeout), out TimeSpan parsed));
            Assert.True(parsed >= timeout, $"{timeout} became {parsed}");
            Assert.True(parsed.Ticks - timeout.Ticks <= Math.Max(1, timeout.Ticks / 100_000), $"{timeout} became {parsed}");
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("S")]
    [InlineData("1")]
    [InlineData("1s")]
    [InlineData("-1S")]
    [InlineData("+1S")]
    [InlineData(" 1S")]
    [InlineData("1 S")]
    [InlineData("123456789S")]
    public void A_malformed_timeout_is_refused(string? text)
    {
        Assert.False(GrpcTimeout.TryParse(text, out _));
    }

    [Theory]
    [InlineData("plain text", "plain text")]
    [InlineData("100%", "100%25")]
    [InlineData("a\nb", "a%0Ab")]
    [InlineData("é", "%C3%A9")]
    public void A_message_survives_its_encoding(string detail, string wire)
    {
        Assert.Equal(wire, GrpcMessageText.Encode(detail));
        Assert.Equal(detail, GrpcMessageText.Decode(wire));
    }

    [Theory]
    [InlineData("%")]
    [InlineData("%4")]
    [InlineData("%zz")]
    [InlineData("50% off")]
    public void A_broken_escape_stays_as_it_is(string wire)
    {
        Assert.Equal(wire, GrpcMessageText.Decode(wire));
    }

    [Fact]
    public void An_endless_message_is_cut()
    {
        Assert.Equal(GrpcMessageText.DetailBytesMax, GrpcMessageText.Encode(new string('x', 100_000)).Length);
    }

    [Theory]
    [InlineData(GrpcStatusCode.Unavailable, "x", "rpc error: code = Unavailable desc = x")]
    [InlineData((GrpcStatusCode)42, "", "rpc error: code = Code(42) desc = ")]
    public void A_status_reads_as_in_Go(GrpcStatusCode code, string detail, string text)
    {
        Assert.Equal(text, new GrpcException(code, detail).Message);
    }

    [Fact]
    public void Binary_metadata_is_base64_with_or_without_padding()
    {
        GrpcMetadata metadata = new();
        metadata.AddBytes("key-bin", [1, 2, 3, 4]);
        Assert.Equal("AQIDBA", metadata.Get("key-bin"));
        Assert.Equal([1, 2, 3, 4], metadata.GetBytes("key-bin"));
        metadata.AddReceived("padded-bin", "AQIDBA==");
        Assert.Equal([1, 2, 3, 4], metadata.GetBytes("padded-bin"));
        metadata.AddReceived("bad-bin", "?");
        Assert.Null(metadata.GetBytes("bad-bin"));
    }

    [Theory]
    [InlineData("Upper")]
    [InlineData("grpc-status")]
    [InlineData(":path")]
    [InlineData("te")]
    [InlineData("a b")]
    [InlineData("")]
    public void A_metadata_name_of_the_protocol_or_of_no_header_is_refused(string name)
    {
        Assert.Throws<ArgumentException>(() => new GrpcMetadata().Add(name, "x"));
    }
}
