using System.Security.Cryptography;
using System.Text;
using K8sConsul.TemplateRunner.Data;
using K8sConsul.TemplateRunner.Deduplication;
using K8sConsul.TemplateRunner.Dependencies;

namespace K8sConsul.TemplateRunner.Tests.Deduplication;

public sealed class SharedBodyTests
{
    private static readonly Dependency _a = DependencyParser.TryBlockingKey("a", out _)!;
    private static readonly Dependency _web = DependencyParser.TryService("web", out _)!;

    [Fact]
    public void What_is_shared_is_read_back()
    {
        byte[] body = SharedBody.Pack(SharedBody.ToJson([new(_web, new HealthData([new HealthService { Node = "n" }])), new(_a, new KeyData("1"))]));
        IReadOnlyDictionary<Dependency, DependencyData> read = SharedBody.TryRead(body)!;
        Assert.Equal(2, read.Count);
        Assert.Equal(new KeyData("1"), read[_a]);
        Assert.Equal("n", ((HealthData)read[_web]).Services[0].Node);
    }

    [Fact]
    public void Equal_data_has_one_form_whatever_its_order()
    {
        KeyValuePair<Dependency, DependencyData> one = new(_a, new KeyData("1"));
        KeyValuePair<Dependency, DependencyData> other = new(_web, new HealthData([]));
        Assert.Equal(SharedBody.ToJson([one, other]), SharedBody.ToJson([other, one]));
        Assert.Equal("""{"format":1,"data":{"health.service(web|passing)":{"Services":[]},"kv.block(a)":{"Value":"1"}}}""", Encoding.UTF8.GetString(SharedBody.ToJson([one, other])));
    }

    [Theory]
    [InlineData("""{"format":2,"data":{}}""")]
    [InlineData("""{"data":{}}""")]
    [InlineData("""{"format":"1","data":{}}""")]
    [InlineData("""{"format":1}""")]
    [InlineData("""{"format":1,"data":[]}""")]
    [InlineData("[]")]
    [InlineData("{")]
    public void Another_format_is_ignored(string json)
    {
        Assert.Null(SharedBody.TryRead(SharedBody.Pack(Encoding.UTF8.GetBytes(json))));
    }

    [Fact]
    public void What_is_unknown_or_another_host_s_is_left_out()
    {
        string json = """{"format":1,"data":{"vault.read(x)":{},"kv.block(a)":{"Value":"1"},"kv.block(b)":5,"file(/etc/shadow)":{"Content":"x"}}}""";
        Assert.Equal([_a], SharedBody.TryRead(SharedBody.Pack(Encoding.UTF8.GetBytes(json)))!.Keys);
    }

    /// <summary>The last bytes only end and check what stands before: without them a body may still be read, but never as something else.</summary>
    [Fact]
    public void A_body_that_is_cut_is_no_body()
    {
        var data = new KeyData(Convert.ToHexString(SHA256.HashData("x"u8)));
        byte[] body = SharedBody.Pack(SharedBody.ToJson([new(_a, data)]));
        for (int length = 0; length < body.Length; length++)
        {
            IReadOnlyDictionary<Dependency, DependencyData>? read = SharedBody.TryRead(body[..length]);
            Assert.True(read is null || read[_a].Equals(data), $"cut to {length} of {body.Length}");
        }

        Assert.Null(SharedBody.TryRead(body[..(body.Length / 2)]));
        Assert.Null(SharedBody.TryRead(SharedBody.NoData.ToArray()));
    }

    [Theory]
    [InlineData("consul-template/dedup/", "consul-template/dedup/k8sconsul-1/ID/data")]
    [InlineData("/x", "x/k8sconsul-1/ID/data")]
    [InlineData("", "k8sconsul-1/ID/data")]
    public void Our_keys_stand_beside_those_of_consul_template(string prefix, string key)
    {
        Assert.Equal(key, SharedKey.Of(prefix, "ID"));
    }
}
