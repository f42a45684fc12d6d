using Google.Protobuf;
using K8sConsul.Server.Api;
using K8sConsul.Server.Rpc;
using K8sConsul.Server.Rpc.Wire;

namespace K8sConsul.Server.Tests.Rpc;

public sealed class ApiWireTests
{
    [Fact]
    public void A_call_arrives_as_it_was_made()
    {
        ApiRequest made = Request();
        ApiCall call = ApiCall.Parser.ParseFrom(ApiWire.ToCall(made, toLeader: true).ToByteArray());
        ApiRequest arrived = ApiWire.FromCall(call);
        Assert.Equal(
            (made.Method, made.Path, made.Token, made.Pretty, made.Source, true),
            (arrived.Method, arrived.Path, arrived.Token, arrived.Pretty, arrived.Source, arrived.Forwarded));
        Assert.Equal(made.Query.Parameters, arrived.Query.Parameters);
        Assert.Equal(made.Headers, arrived.Headers);
        Assert.Equal(made.Body.ToArray(), arrived.Body.ToArray());
        Assert.False(ApiWire.FromCall(ApiWire.ToCall(made, toLeader: false)).Forwarded);
    }

    [Theory]
    [InlineData(200, "application/json")]
    [InlineData(404, null)]
    public void An_answer_arrives_as_it_was_made(int status, string? type)
    {
        using ApiResponse made = ApiResponse.Bytes(status, type, "body"u8).WithHeader("X-Consul-Index", "7").WithHeader("Vary", "a").WithHeader("Vary", "b");
        using ApiResponse arrived = ApiWire.FromReply(ApiReply.Parser.ParseFrom(ApiWire.ToReply(made).ToByteArray()));
        Assert.Equal((status, type), (arrived.Status, arrived.ContentType));
        Assert.Equal(made.Headers, arrived.Headers);
        Assert.Equal("body"u8.ToArray(), arrived.Body.ToArray());
    }

    [Fact]
    public void Of_a_header_that_is_there_twice_the_first_counts()
    {
        var call = new ApiCall();
        call.Headers.Add(new Pair { Name = "x", Value = "1" });
        call.Headers.Add(new Pair { Name = "x", Value = "2" });
        Assert.Equal("1", ApiWire.FromCall(call).Headers["x"]);
    }

    /// <summary>Whatever arrives is a call or is refused as no message; nothing else is thrown.</summary>
    [Fact]
    public void A_call_cut_at_any_position_or_bent_anywhere_is_read_or_refused()
    {
        byte[] whole = ApiWire.ToCall(Request(), toLeader: true).ToByteArray();
        int refused = 0;
        for (int length = 0; length < whole.Length; length++)
        {
            refused += Reads(whole[..length]) ? 0 : 1;
        }

        Assert.InRange(refused, whole.Length / 2, whole.Length);
        var random = new Random(9);
        for (int i = 0; i < 20_000; i++)
        {
            byte[] bent = [.. whole];
            for (int bend = random.Next(1, 4); bend > 0; bend--)
            {
                bent[random.Next(bent.Length)] = (byte)random.Next(256);
            }

            Reads(bent);
        }
    }

    private static bool Reads(byte[] bytes)
    {
        try
        {
            Assert.NotNull(ApiWire.FromCall(ApiCall.Parser.ParseFrom(bytes)).Query);
            return true;
        }
        catch (InvalidProtocolBufferException)
        {
            return false;
        }
    }

    private static ApiRequest Request() => new()
    {
        Method = "PUT",
        Path = "/v1/kv/a b/😀",
        Query = ApiQuery.Parse("cas=7&flags=&tag=a&tag=b")!,
        Body = new byte[] { 0, 1, 2, 255 },
        Token = "secret",
        Pretty = true,
        Source = new ApiSource("node", "dc1", "10.0.0.9"),
        Headers = new Dictionary<string, string>(StringComparer.Ordinal) { ["cache-control"] = "max-age=3" },
    };
}
