using K8sConsul.Agent.Configuration;

namespace K8sConsul.Agent.Tests.Configuration;

public sealed class MergeTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("merge-");

    public void Dispose()
    {
        _folder.Delete(recursive: true);
    }

    [Fact]
    public void Later_sources_win_and_lists_grow_in_the_order_of_Consul()
    {
        var flags = new ConfigFlagValues();
        flags.Add("recursors", "3.3.3.3");
        flags.Set("datacenter", "flag");
        flags.Add("http_config.allow_write_http_from", "3.0.0.0/8");
        flags.AddPair("node_meta", "c", "flag");
        RuntimeConfig config = Accepted(new ConfigInputs
        {
            Paths =
            [
                File("a.hcl", "recursors = [\"1.1.1.1\"] datacenter = \"a\" node_meta { a = \"1\" b = \"1\" c = \"1\" } log_level = \"warn\""),
                File("b.json", "{\"recursors\": [\"2.2.2.2\"], \"node_meta\": {\"b\": \"2\"}, \"log_level\": \"err\"}"),
                File("c.hcl", "http_config { allow_write_http_from = [\"1.0.0.0/8\"] response_headers { x = \"1\" } }"),
                File("d.hcl", "http_config { response_headers { y = \"2\" } }"),
            ],
            Flags = flags,
            HclFragments = ["domain = \"one\" recursors = [\"4.4.4.4\"]", "domain = \"two\""],
        });
        Assert.Equal(["3.3.3.3", "1.1.1.1", "2.2.2.2", "4.4.4.4"], config.Dns.Recursors);
        Assert.Equal("flag", config.Identity.Datacenter);
        Assert.Equal("two.", config.Dns.Domain);
        Assert.Equal("err", config.Log.Level);
        Assert.Equal("a=1 b=2 c=flag", string.Join(' ', config.Identity.NodeMeta.Select(pair => $"{pair.Key}={pair.Value}")));
        Assert.Equal("x=1 y=2", string.Join(' ', config.Http.ResponseHeaders.Select(pair => $"{pair.Key}={pair.Value}")));

        // A list inside a section comes after those of files, even from a flag.
        Assert.Equal(["1.0.0.0/8", "3.0.0.0/8"], config.Http.AllowWriteFrom!.Select(network => network.ToString()));
    }

    [Fact]
    public void Every_file_may_have_a_service_and_a_check_of_its_own()
    {
        RuntimeConfig config = Accepted(new ConfigInputs
        {
            Paths =
            [
                File("a.hcl", "service { name = \"one\" } services { name = \"zero\" } check { id = \"c1\" }"),
                File("b.json", "{\"service\": {\"name\": \"two\", \"check\": {\"ttl\": \"5s\"}, \"checks\": [{\"id\": \"x\"}]}, \"check\": {\"id\": \"c2\"}}"),
            ],
        });
        Assert.Equal(["zero", "one", "two"], config.ServiceDefinitions.Select(service => service.Name));
        Assert.Equal(["c1", "c2"], config.CheckDefinitions.Select(check => check.Id));
        Assert.Equal(["x", ""], config.ServiceDefinitions[2].Checks.Select(check => check.Id));
        Assert.Equal(TimeSpan.FromSeconds(5), config.ServiceDefinitions[2].Checks[1].Ttl);
    }

    [Fact]
    public void A_directory_gives_its_files_by_name_and_nothing_below_it()
    {
        File("dir/b.hcl", "log_level = \"b\"");
        File("dir/a.json", "{\"log_level\": \"a\"}");
        File("dir/c.txt", "nonsense");
        File("dir/sub.hcl/z.hcl", "nonsense");
        string linked = File("elsewhere.hcl", "log_level = \"linked\"");
        System.IO.File.CreateSymbolicLink(Path.Combine(_folder.FullName, "dir/z.hcl"), linked);
        File("dir/empty.hcl", string.Empty);
        ConfigOutcome outcome = Load(new ConfigInputs { Paths = [Path.Combine(_folder.FullName, "dir/")] });
        Assert.Equal("linked", outcome.Config?.Log.Level);
        Assert.Equal(
            [$"skipping file {_folder.FullName}/dir/c.txt, extension must be .hcl or .json, or config format must be set"],
            outcome.Warnings);
    }

    [Fact]
    public void A_format_makes_every_file_count()
    {
        string path = File("x.conf", "{\"log_level\": \"warn\"}");
        Assert.Equal("warn", Accepted(new ConfigInputs { Paths = [path], Format = "json" }).Log.Level);
        Assert.Equal("warn", Accepted(new ConfigInputs { Paths = [path], Format = "hcl" }).Log.Level);
        Assert.Equal(
            $"skipping file {path}, extension must be .hcl or .json, or config format must be set",
            Assert.Single(Load(new ConfigInputs { Paths = [path] }).Warnings));
        Assert.Equal("config: -config-format must be either 'hcl' or 'json'", Load(new ConfigInputs { Format = "yaml" }).Error);
    }

    [Fact]
    public void A_missing_path_is_told()
    {
        Assert.Equal(
            "config: Open failed on /nonexistent. open /nonexistent: no such file or directory",
            Load(new ConfigInputs { Paths = ["/nonexistent"] }).Error);
    }

    [Fact]
    public void Fragments_are_named_by_their_number()
    {
        Assert.Equal(
            "failed to parse flags-1.hcl: 1 error occurred:\n\t* invalid config key foo\n\n",
            Load(new ConfigInputs { HclFragments = ["server = true", "foo = 1"] }).Error);
    }

    private RuntimeConfig Accepted(ConfigInputs inputs)
    {
        ConfigOutcome outcome = Load(inputs);
        Assert.True(outcome.Config is not null, outcome.Error);
        return outcome.Config;
    }

    private ConfigOutcome Load(ConfigInputs inputs)
    {
        string common = "data_dir = \"d\" bind_addr = \"127.0.0.1\"";
        return new ConfigLoader(FakeMachine.Usual().AsHost()).Load(inputs with { HclFragments = [.. inputs.HclFragments, common] });
    }

    private string File(string name, string text)
    {
        string path = Path.Combine(_folder.FullName, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        System.IO.File.WriteAllText(path, text);
        return path;
    }
}
