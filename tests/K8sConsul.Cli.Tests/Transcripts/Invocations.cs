namespace K8sConsul.Cli.Tests.Transcripts;

/// <param name="Arguments">Of the program. <c>{dir}</c> is a folder of its own, with the files of Testdata/services.</param>
/// <param name="Input">Of the program's input.</param>
/// <param name="Variables">Environment, <c>NAME=value</c>.</param>
internal sealed record ProgramRun(string[] Arguments, string? Input = null, params string[] Variables);

/// <summary>What both programs are asked, in this order, on an agent that has just been started.</summary>
internal static class Invocations
{
    /// <summary>Sessions made before the first invocation.</summary>
    public const string Session1 = "22222222-2222-2222-2222-222222222222";
    public const string Session2 = "33333333-3333-3333-3333-333333333333";

    private const string Nobody = "-http-addr=127.0.0.1:1";

    private static readonly string[] _clientCommands =
    [
        "members", "join", "leave", "force-leave", "kv get", "kv put", "kv delete", "kv export", "kv import", "catalog datacenters",
        "catalog nodes", "catalog services", "services register", "services deregister", "info", "maint", "monitor",
        "operator autopilot get-config", "operator autopilot set-config", "operator raft list-peers", "operator raft remove-peer", "snapshot save", "snapshot restore", "reload",
    ];

    private static readonly string[] _otherCommands = ["snapshot inspect", "keygen", "version"];

    private static readonly string[] _groups = ["kv", "catalog", "services", "operator autopilot", "operator raft", "snapshot"];

    public static IEnumerable<ProgramRun> All => [.. Program(), .. Flags(), .. Kv(), .. KvWrites(), .. KvImports(), .. Services(), .. Catalog(), .. Members(), .. Agent(), .. Operator(), .. Snapshots(), .. Client()];

    private static ProgramRun Of(params string[] arguments)
    {
        return new ProgramRun(arguments);
    }

    private static IEnumerable<ProgramRun> Program()
    {
        yield return Of("-v");
        yield return Of("--version");
        yield return Of("-version", "kv");
        yield return Of("version");
        yield return Of("version", "-format=json");
        yield return Of("version", "-format", "pretty", "extra");
        yield return Of("version", "-format=zz");
        yield return Of("keygen");
        yield return Of("keygen", "extra");
        yield return Of("kv", "-h", "get");
        yield return Of("-h", "kv", "get");
        yield return Of("kv", "get", "foo", "-h");
        yield return Of("kv", "get", "--", "-h");
        yield return Of("-bogus", "kv", "get", "foo");
        yield return Of("operator", "raft", "-list-peers");
        yield return Of("snapshot", "zz", "-h");
        foreach (string group in _groups)
        {
            yield return Of(group.Split(' '));
            yield return Of([.. group.Split(' '), "zz"]);
            yield return Of([.. group.Split(' '), "-h"]);
            yield return Of([.. group.Split(' '), "-bogus"]);
        }
    }

    private static IEnumerable<ProgramRun> Flags()
    {
        foreach (string command in _clientCommands.Concat(_otherCommands))
        {
            string[] words = command.Split(' ');
            yield return Of([.. words, "-help"]);
            yield return Of([.. words, "-bogus"]);
            yield return Of([.. words, "-h=1"]);
            yield return Of([.. words, "-=a"]);
        }

        foreach (string command in _clientCommands)
        {
            string[] words = command.Split(' ');
            yield return Of([.. words, "-http-addr=zz://a", "[]"]);
            yield return Of([.. words, "-stale=zz"]);
            yield return Of([.. words, "--token"]);
        }
    }

    private static IEnumerable<ProgramRun> Kv()
    {
        yield return Of("kv", "get");
        yield return Of("kv", "get", "nope");
        yield return Of("kv", "get", "/nope");
        yield return Of("kv", "get", "a", "b");
        yield return Of("kv", "get", "-keys");
        yield return Of("kv", "get", "-recurse");
        yield return Of("kv", "get", "-recurse", "zz");
        yield return Of("kv", "export");
        yield return Of("kv", "export", "a", "b");
        yield return Of("kv", "put", "foo", "bar");
        yield return Of("kv", "get", "foo");
        yield return Of("kv", "get", "/foo");
        yield return Of("kv", "get", "-detailed", "foo");
        yield return Of("kv", "get", "-base64", "foo");
        yield return Of("kv", "get", "-detailed", "-base64", "foo");
        yield return Of("kv", "put", "-flags=42", "fl", "v w");
        yield return Of("kv", "get", "-detailed", "fl");
        yield return Of("kv", "put", "emp");
        yield return Of("kv", "get", "emp");
        yield return Of("kv", "get", "-detailed", "emp");
        yield return Of("kv", "get", "-base64", "emp");
        yield return Of("kv", "put", "a/b/c", "1");
        yield return Of("kv", "put", "a/b/d", "2");
        yield return Of("kv", "put", "a/e", "3");
        yield return Of("kv", "get", "-keys", "a");
        yield return Of("kv", "get", "-keys", "a/");
        yield return Of("kv", "get", "-keys", "-separator=", "a");
        yield return Of("kv", "get", "-keys", "-separator=b", "a");
        yield return Of("kv", "get", "-recurse", "a");
        yield return Of("kv", "get", "-recurse", "-detailed", "a");
        yield return Of("kv", "get", "-recurse", "-base64", "a");
        yield return Of("kv", "get", "-keys", "-recurse", "a");
        yield return Of("kv", "get", "-detailed", "-keys", "a");
        yield return Of("kv", "get", "-recurse");
        yield return Of("kv", "get", "-stale", "foo");
        yield return Of("kv", "get", "-stale=false", "foo");
        yield return Of("kv", "get", "-datacenter=zz", "foo");
        yield return Of("kv", "get", "-datacenter=zz", "-keys", "foo");
        yield return Of("kv", "put", "-datacenter=zz", "foo", "1");
        yield return Of("kv", "delete", "-datacenter=zz", "foo");
        yield return Of("kv", "export", "-datacenter=zz", "foo");
        yield return Of("kv", "get", "-namespace=zz", "foo");
        yield return Of("kv", "put", "-namespace=zz", "foo", "1");
        yield return Of("kv", "put", "sp ace?&#%/ü", "v");
        yield return Of("kv", "get", "sp ace?&#%/ü");
        yield return Of("kv", "get", "-keys", "sp");
        yield return Of("kv", "export", "sp");
        yield return Of("kv", "export", "/a");
    }

    private static IEnumerable<ProgramRun> KvWrites()
    {
        yield return Of("kv", "put");
        yield return Of("kv", "put", "a", "b", "c");
        yield return Of("kv", "put", "/x", "1");
        yield return Of("kv", "put", "", "v");
        yield return Of("kv", "put", "a//b", "1");
        yield return Of("kv", "get", "a//b");
        yield return Of("kv", "put", "a/../q", "1");
        yield return Of("kv", "put", "-base64", "b64", "aGVsbG8=");
        yield return Of("kv", "get", "b64");
        yield return Of("kv", "put", "-base64", "b64y", "aGVs\nbG8=\n");
        yield return Of("kv", "get", "b64y");
        yield return Of("kv", "put", "-flags=-1", "a", "b");
        yield return Of("kv", "put", "-cas=zz", "a", "b");
        yield return Of("kv", "put", "-cas", "foo", "1");
        yield return Of("kv", "put", "-cas", "-modify-index=0", "foo", "1");
        yield return Of("kv", "put", "-cas", "-modify-index=999999", "foo", "1");
        yield return Of("kv", "put", "-cas", "-modify-index=zz", "foo", "1");
        yield return Of("kv", "put", "-modify-index=3", "foo", "zz");
        yield return Of("kv", "put", "-acquire", "l1", "v");
        yield return Of("kv", "put", "-release", "l1", "v");
        yield return Of("kv", "put", "-acquire", "-session=bad", "l1", "v");
        yield return Of("kv", "put", "-acquire", "-session=00000000-0000-0000-0000-000000000001", "l1", "v");
        yield return Of("kv", "put", "-acquire", $"-session={Session1}", "l1", "v");
        yield return Of("kv", "get", "-detailed", "l1");
        yield return Of("kv", "put", "-acquire", $"-session={Session2}", "l1", "v");
        yield return Of("kv", "put", "-release", $"-session={Session1}", "l1", "v");
        yield return Of("kv", "put", "-release", $"-session={Session1}", "l1", "v");
        yield return Of("kv", "put", $"-session={Session1}", "l2", "v");
        yield return Of("kv", "put", "-acquire", "-release", $"-session={Session1}", "l3", "v");
        yield return Of("kv", "put", "file", "@{dir}/web.json");
        yield return Of("kv", "get", "file");
        yield return Of("kv", "put", "file", "@/nonexistent");
        yield return Of("kv", "put", "file", "@");
        yield return new ProgramRun(["kv", "put", "st", "-"], "hi\n");
        yield return Of("kv", "get", "st");
        yield return new ProgramRun(["kv", "put", "st", "-"], "");
        yield return Of("kv", "put", "st", "-cas");
        yield return Of("kv", "get", "st");
        yield return Of("kv", "put", "--", "st", "v");
        yield return Of("kv", "delete");
        yield return Of("kv", "delete", "nope");
        yield return Of("kv", "delete", "a", "b");
        yield return Of("kv", "delete", "/st");
        yield return Of("kv", "delete", "-cas", "foo");
        yield return Of("kv", "delete", "-cas", "-modify-index=1", "fl");
        yield return Of("kv", "delete", "-recurse", "-cas", "-modify-index=1", "a");
        yield return Of("kv", "delete", "-modify-index=4", "fl");
        yield return Of("kv", "delete", "-recurse", "a");
        yield return Of("kv", "delete", "-recurse");
    }

    private static IEnumerable<ProgramRun> KvImports()
    {
        string[] data =
        [
            "", "{}", "[", "[] x", "[{\"key\":1}]", "[{\"key\":\"i1\",\"value\":\"zz!\"}]", "[1]", "null", "[1,]", "[]]", "-", "nullx", " [ ] ", "tru",
            "[{\"key\":\"i1\",\"flags\":\"a\",\"value\":\"YQ==\"}]", "[{\"Key\":\"i3\",\"FLAGS\":7,\"Value\":\"YQ==\",\"x\":1}]", "[{\"key\":\"i1\",\"value\":1}]",
            "[{\"key\":\"i1\",\"flags\":-1}]", "[{\"key\":\"i1\",\"flags\":1.5}]", "{", "\"a\"", "{\"a\":1}x", "[{\"key\":\"i1\",\"value\":\"YQ\"}]",
            "[{\"key\":\"i1\",\"value\":\"YQ==\"},{\"key\":\"/i2\",\"value\":\"YQ==\"}]", "[{\"key\":\"u\\u00e9<&>\",\"value\":\"YQ==\"}]",
            "[{\"key\":\"i1\",\"value\":\"YQ=a\"}]", "[{\"key\":\"i1\",\"value\":\"Y===\"}]", "[{\"key\":\"i1\",\"value\":\"YQ==YQ==\"}]", "[{\"key\":\"i1\",\"value\":\"YQ=\"}]",
        ];
        foreach (string text in data)
        {
            yield return new ProgramRun(["kv", "import", text], text == "-" ? "[{\"key\":\"i4\"}]" : null);
        }

        yield return Of("kv", "import");
        yield return Of("kv", "import", "a", "b");
        yield return Of("kv", "import", "@/nonexistent");
        yield return Of("kv", "import", "-prefix=a", "[]");
        yield return Of("kv", "get", "-detailed", "i3");
        yield return Of("kv", "export", "i");
        yield return Of("kv", "export", "u");
    }

    private static IEnumerable<ProgramRun> Services()
    {
        yield return Of("services", "register");
        yield return Of("services", "register", "-id", "x", "{dir}/web.json");
        yield return Of("services", "register", "-name", "x", "{dir}/web.json");
        foreach (string file in new[] { "web.json", "two.json", "web.hcl", "multi.hcl", "bad.json", "noname.json", "noext", "unk.json", "strport.json", "arr.json", "full.json", "bad.hcl", "empty.hcl", "empty.json", "dc.json", "nonexistent.json", "dir", "badint.json", "bothchk.json", "numint.json", "wt.json", "badttl.json", "none.json" })
        {
            yield return Of("services", "register", $"{{dir}}/{file}");
        }

        yield return Of("services", "register", "{dir}/web.json", "{dir}/bad.json");
        yield return Of("services", "register", "-name=f1");
        yield return Of("services", "register", "-id=f2");
        yield return Of("services", "register", "-tag", "a");
        yield return Of("services", "register", "-name=f3", "-port=abc");
        yield return Of("services", "register", "-name=f3", "-meta", "c");
        yield return Of("services", "register", "-name=f3", "-id=f3id", "-port=8080", "-tag", "b", "-tag", "a", "-meta", "a=b", "-meta", "c=d=e", "-address", "1.2.3.4", "-kind=zz");
        yield return Of("services", "register", "-name=f4", "-tagged-address", "wan=1.2.3.5");
        yield return Of("services", "register", "-name=f4", "-tagged-address", "lan");
        yield return Of("services", "register", "-name=f4", "-tagged-address", "lan=[::1]:80");
        yield return Of("services", "register", "-name=f4", "-tagged-address", "lan=[::1");
        yield return Of("services", "register", "-name=f4", "-tagged-address", "lan=::1:80");
        yield return Of("services", "register", "-name=f4", "-tagged-address", "lan=1.2.3.4:ab");
        yield return Of("services", "register", "-name", "f5", "-port", "-1");
        yield return Of("services", "register", "-name", "f5", "-address", "0.0.0.0");
        yield return Of("services", "register", "-name=f6", "extra");
        yield return Of("services", "deregister");
        yield return Of("services", "deregister", "-id=f1");
        yield return Of("services", "deregister", "-id=nope");
        yield return Of("services", "deregister", "-id=x", "y.json");
        yield return Of("services", "deregister", "{dir}/two.json", "{dir}/dc.json");
        yield return Of("services", "deregister", "{dir}/bad.json");
        yield return Of("services", "deregister", "{dir}/noname.json");
        yield return Of("services", "deregister", "{dir}/nonexistent");
    }

    private static IEnumerable<ProgramRun> Catalog()
    {
        foreach (string command in new[] { "datacenters", "nodes", "services" })
        {
            yield return Of("catalog", command);
            yield return Of("catalog", command, "x");
            yield return Of("catalog", command, "-datacenter=zz");
        }

        yield return Of("catalog", "nodes", "-detailed");
        yield return Of("catalog", "nodes", "-service=nope");
        yield return Of("catalog", "nodes", "-service=consul");
        yield return Of("catalog", "nodes", "-service=consul", "-detailed");
        yield return Of("catalog", "nodes", "-service=consul", "-datacenter=zz");
        yield return Of("catalog", "nodes", "-near=_agent");
        yield return Of("catalog", "nodes", "-node-meta=a=b");
        yield return Of("catalog", "nodes", "-node-meta=a");
        yield return Of("catalog", "nodes", "-filter=Node == n1");
        yield return Of("catalog", "nodes", "-filter=Foo == n1");
        yield return Of("catalog", "nodes", "-namespace=x");
        yield return Of("catalog", "services", "-tags");
        yield return Of("catalog", "services", "-node=n1");
        yield return Of("catalog", "services", "-node=n1", "-tags");
        yield return Of("catalog", "services", "-node=zz");
        yield return Of("catalog", "services", "-node-meta=a=b");
        yield return Of("catalog", "services", "-node-meta=consul-network-segment=", "-tags");
        yield return Of("catalog", "services", "-node=n1", "-datacenter=zz");
        yield return Of("catalog", "services", "-namespace=zz");
    }

    private static IEnumerable<ProgramRun> Members()
    {
        yield return Of("members");
        yield return Of("members", "extra");
        yield return Of("members", "-detailed");
        yield return Of("members", "-wan");
        yield return Of("members", "-wan", "-detailed");
        yield return Of("members", "-segment=");
        yield return Of("members", "-segment=zz");
        foreach (string expression in new[] { "alive", "zz", "^al", "[", "(", ")", "*", "a**", "\\", "[z-a]", "(?=a)", "a{3,1}", "[[:alpha:]]+", "(?P<n>alive)", "\\q", "a|*", "ALIVE", "(?i)ALIVE", "", "a{1001}", "(?P<n", "\\1" })
        {
            yield return Of("members", $"-status={expression}");
        }

        yield return Of("join");
        yield return Of("join", "127.0.0.1:1");
        yield return Of("join", "{serf}");
        yield return Of("join", "{serf}", "127.0.0.1:1");
        yield return Of("join", "127.0.0.1:1", "127.0.0.1:2", "{serf}", "{serf}");
        yield return Of("join", "-wan", "{wan}");
        yield return Of("force-leave");
        yield return Of("force-leave", "nope");
        yield return Of("force-leave", "a", "b");
        yield return Of("force-leave", "-prune", "nope");
        yield return Of("leave", "extra");
    }

    private static IEnumerable<ProgramRun> Agent()
    {
        yield return Of("info");
        yield return Of("info", "extra");
        yield return Of("maint");
        yield return Of("maint", "-enable", "-disable");
        yield return Of("maint", "-reason", "x");
        yield return Of("maint", "-disable", "-reason", "x");
        yield return Of("maint", "-service=f4");
        yield return Of("maint", "-enable", "-reason", "it's é");
        yield return Of("maint");
        yield return Of("maint", "-disable");
        yield return Of("maint", "-disable");
        yield return Of("maint", "-enable", "-service=f4");
        yield return Of("maint");
        yield return Of("maint", "-disable", "-service=f4");
        yield return Of("maint", "-disable", "-service=nope");
        yield return Of("maint", "-enable", "-service=nope");
        yield return Of("monitor", "-log-level=bogus");
        yield return Of("monitor", "-log-level=bogus", "-log-json");
        yield return Of("reload");
        yield return Of("reload", "extra");
    }

    private static IEnumerable<ProgramRun> Operator()
    {
        yield return Of("operator", "autopilot", "get-config");
        yield return Of("operator", "autopilot", "get-config", "extra");
        yield return Of("operator", "autopilot", "get-config", "-datacenter=zz");
        yield return Of("operator", "autopilot", "set-config", "-datacenter=zz");
        yield return Of("operator", "autopilot", "set-config");
        yield return Of("operator", "autopilot", "set-config", "-min-quorum=3", "-max-trailing-logs=500", "-last-contact-threshold=300ms", "-server-stabilization-time=90s", "extra");
        yield return Of("operator", "autopilot", "set-config", "-cleanup-dead-servers=false", "-redundancy-zone-tag=a \"b\"", "-upgrade-version-tag=v", "-disable-upgrade-migration");
        yield return Of("operator", "autopilot", "get-config", "-stale");
        yield return Of("operator", "autopilot", "set-config", "-redundancy-zone-tag=", "-min-quorum=0");
        yield return Of("operator", "autopilot", "get-config");
        yield return Of("operator", "autopilot", "set-config", "-min-quorum=-1");
        yield return Of("operator", "autopilot", "set-config", "-max-trailing-logs=99999999999999999999");
        yield return Of("operator", "autopilot", "set-config", "-last-contact-threshold=x");
        yield return Of("operator", "autopilot", "set-config", "-cleanup-dead-servers=x");
        yield return Of("operator", "raft", "list-peers");
        yield return Of("operator", "raft", "list-peers", "-stale", "extra");
        yield return Of("operator", "raft", "list-peers", "-datacenter=zz");
        yield return Of("operator", "raft", "remove-peer");
        yield return Of("operator", "raft", "remove-peer", "-address=1.2.3.4:5");
        yield return Of("operator", "raft", "remove-peer", "-id=zz");
        yield return Of("operator", "raft", "remove-peer", "-id=");
        yield return Of("operator", "raft", "remove-peer", "-id=zz", "-address=z");
    }

    private static IEnumerable<ProgramRun> Snapshots()
    {
        foreach (string command in new[] { "save", "restore", "inspect" })
        {
            yield return Of("snapshot", command);
            yield return Of("snapshot", command, "a", "b");
        }

        yield return Of("snapshot", "save", "/nonexistent/x");
        yield return Of("snapshot", "save", "-datacenter=zz", "{dir}/saved.snap");
        yield return Of("snapshot", "save", "-stale", "{dir}/saved.snap");
        yield return Of("snapshot", "save", "{dir}/saved.snap");
        yield return Of("snapshot", "inspect", "{dir}/saved.snap");
        foreach (string file in new[] { "nonexistent", "web.json", "empty.snap", "short.snap", "cut.snap" })
        {
            yield return Of("snapshot", "inspect", $"{{dir}}/{file}");
            yield return Of("snapshot", "restore", $"{{dir}}/{file}");
        }

        yield return Of("snapshot", "inspect", "{dir}/dir");
        yield return Of("snapshot", "restore", "{dir}/saved.snap");
    }

    private static IEnumerable<ProgramRun> Client()
    {
        yield return Of("kv", "get", "-http-addr=", "foo");
        yield return Of("kv", "get", "-http-addr=unix:///nonexistent.sock", "foo");
        yield return Of("kv", "get", "-http-addr=unix://n", "foo");
        yield return Of("kv", "get", "-http-addr=127.0.0.1", "foo");
        yield return Of("kv", "get", "-http-addr=127.0.0.1:99999", "foo");
        yield return Of("kv", "get", "-http-addr=127.0.0.1:abc", "foo");
        yield return Of("kv", "get", "-http-addr=127.0.0.1:1 1", "foo");
        yield return Of("kv", "get", "-http-addr=http://", "foo");
        yield return Of("kv", "get", "-http-addr=https://127.0.0.1:1", "foo");
        yield return Of("kv", "get", "-ca-file=/nonexistent", "foo");
        yield return Of("kv", "get", "-ca-file={dir}/web.json", "foo");
        yield return Of("kv", "get", "-ca-path=/nonexistent", "foo");
        yield return Of("kv", "get", "-ca-path={dir}/dir", "foo");
        yield return Of("kv", "get", "-client-cert=/nonexistent", "foo");
        yield return Of("kv", "get", "-client-cert=/nonexistent", "-client-key=/nonexistent", "foo");
        yield return Of("kv", "get", "-client-cert={dir}/web.json", "-client-key={dir}/web.json", "foo");
        yield return Of("kv", "get", "-token-file=/nonexistent", "foo");
        yield return Of("kv", "get", "-token-file={dir}/dir", "foo");
        yield return new ProgramRun(["kv", "get", "foo"], null, "CONSUL_HTTP_SSL=zz");
        yield return new ProgramRun(["kv", "get", "foo"], null, "CONSUL_HTTP_SSL_VERIFY=zz");
        yield return new ProgramRun(["kv", "get", Nobody, "foo"], null, "CONSUL_HTTP_SSL=1");
        yield return new ProgramRun(["kv", "get", Nobody, "foo"], null, "CONSUL_NAMESPACE=envns");
        yield return new ProgramRun(["kv", "get", Nobody, "-namespace=", "foo"], null, "CONSUL_NAMESPACE=envns");
        yield return new ProgramRun(["members", Nobody], null, "CONSUL_NAMESPACE=envns");
        yield return new ProgramRun(["kv", "get", "foo"], null, "CONSUL_CACERT=/nonexistent");
        yield return new ProgramRun(["kv", "get", "foo"], null, "CONSUL_CAPATH=/nonexistent");
        yield return new ProgramRun(["kv", "get", "foo"], null, "CONSUL_CLIENT_CERT=/nonexistent");
        yield return new ProgramRun(["kv", "get", "foo"], null, "CONSUL_HTTP_TOKEN_FILE=/nonexistent");
        yield return Of("kv", "get", "-keys", Nobody, "a");
        yield return Of("kv", "get", "-recurse", "-stale", Nobody, "a");
        yield return Of("kv", "put", "-cas", "-modify-index=4", "-flags=3", Nobody, "a", "b");
        yield return Of("kv", "put", "-namespace=q", "-datacenter=x", "-acquire", "-session=4", "-flags=3", Nobody, "a", "b");
        yield return Of("kv", "delete", "-cas", "-modify-index=3", Nobody, "a");
        yield return Of("kv", "delete", "-recurse", Nobody, "a");
        yield return Of("kv", "export", Nobody, "a");
        yield return Of("kv", "import", Nobody, "[{\"key\":\"a\"}]");
        yield return Of("members", "-wan", Nobody);
        yield return Of("members", "-segment=a b", Nobody);
        yield return Of("join", "-wan", Nobody, "a b:8", "c");
        yield return Of("force-leave", "-prune", Nobody, "a b");
        yield return Of("leave", Nobody);
        yield return Of("reload", Nobody);
        yield return Of("info", Nobody);
        yield return Of("maint", Nobody);
        yield return Of("maint", "-enable", "-reason=a b&c", Nobody);
        yield return Of("maint", "-enable", "-service=s/1 %", Nobody);
        yield return Of("maint", "-disable", "-service=s", Nobody);
        yield return Of("monitor", "-log-level=debug", Nobody);
        yield return Of("monitor", "-log-level=debug", "-log-json", Nobody);
        yield return Of("catalog", "datacenters", "-stale", "-datacenter=x", Nobody);
        yield return Of("catalog", "nodes", "-near=x", "-node-meta=a=b", "-filter=a == \"b c\"", Nobody);
        yield return Of("catalog", "nodes", "-service=a b/c", Nobody);
        yield return Of("catalog", "services", "-node=a b", Nobody);
        yield return Of("services", "register", "-name=x", "-namespace=q", "-datacenter=x", Nobody);
        yield return Of("services", "deregister", "-id=x y", Nobody);
        yield return Of("operator", "autopilot", "get-config", "-stale", "-datacenter=q", Nobody);
        yield return Of("operator", "autopilot", "set-config", "-stale", "-datacenter=q", Nobody);
        yield return Of("operator", "raft", "list-peers", "-stale", "-datacenter=q", Nobody);
        yield return Of("operator", "raft", "remove-peer", "-address=a:1", "-datacenter=q", Nobody);
        yield return Of("snapshot", "save", "-stale", "-datacenter=q", Nobody, "{dir}/x");
        yield return Of("snapshot", "restore", "-datacenter=q", Nobody, "{dir}/web.json");
    }
}
