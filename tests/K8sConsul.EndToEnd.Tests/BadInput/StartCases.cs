using System.Globalization;

namespace K8sConsul.EndToEnd.Tests.BadInput;

/// <summary>Starts that both programs refuse, in the same words.</summary>
internal static class StartCases
{
    /// <summary>For documentation (RFC 5737): no machine has it.</summary>
    private const string ForeignAddress = "192.0.2.1";

    private const string Garbage = "garbage\u0001{";

    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode Others = UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    private static readonly string[] Server = ["-server", "-bootstrap"];

    public static IEnumerable<StartCase> All() =>
    [
        .. Places(),
        .. Directories(),
        .. Files(),
        .. Configuration(),
        .. Protocols(),
        .. Recoveries(),
    ];

    private static IEnumerable<StartCase> Places()
    {
        yield return new("the HTTP port is taken", p => [.. Server, Flag("http-port", p.Occupier.HttpPort)]);
        yield return new("the DNS port is taken", p => [.. Server, Flag("dns-port", p.Occupier.DnsPort)]);
        yield return new("the DNS port is taken for TCP only", p => [.. Server, Flag("dns-port", p.Occupier.HttpPort)]);
        yield return new("the server port is taken", p => [.. Server, Flag("server-port", p.Occupier.ServerPort)]);
        yield return new("the LAN port is taken", p => [.. Server, Flag("serf-lan-port", p.Occupier.LanPort)]);
        yield return new("the LAN port is taken for a client", p => [Flag("serf-lan-port", p.Occupier.LanPort)]);
        yield return new("the WAN port is taken", p => [.. Server, Flag("serf-wan-port", p.Occupier.WanPort)]);
        yield return new("the bind address is elsewhere", _ => [.. Server, "-bind=" + ForeignAddress]);
        yield return new("the bind address of a client is elsewhere", _ => ["-bind=" + ForeignAddress]);
        yield return new("the client address is elsewhere", _ => [.. Server, "-client=" + ForeignAddress]);
        yield return new("the HTTP address is elsewhere", _ => [.. Server, $"-hcl=addresses {{ http = \"{ForeignAddress}\" }}"]);
        yield return new("the bind address is no address", _ => [.. Server, "-bind=nonsense"]);
        yield return new("the port is no port", _ => [.. Server, "-http-port=70000"]);
        yield return new("two listeners want one port", p => [.. Server, Flag("http-port", p.Occupier.HttpPort), Flag("dns-port", p.Occupier.HttpPort)]);
    }

    private static IEnumerable<StartCase> Protocols()
    {
        yield return new("the protocol is too old", _ => [.. Server, "-protocol=1"]);
        yield return new("the protocol is too new", _ => [.. Server, "-protocol=4"]);
        yield return new("the protocol is too old for a client", _ => ["-protocol=1"]);
        yield return new("the Raft protocol is too new", _ => [.. Server, "-raft-protocol=4"]);
        yield return new("the Raft protocol is negative", _ => [.. Server, "-raft-protocol=-1"]);
    }

    private static IEnumerable<StartCase> Recoveries()
    {
        foreach ((string what, string content) in (IEnumerable<(string, string)>)
        [
            ("is empty", string.Empty),
            ("is no JSON", "{bad"),
            ("names nobody", "[]"),
            ("names no voter", """[{"id":"a","address":"10.0.0.1:8300","non_voter":true}]"""),
            ("names a server without an ID", """[{"id":"","address":"10.0.0.1:8300"}]"""),
            ("names a server without an address", """[{"id":"a","address":""}]"""),
            ("names an ID twice", """[{"id":"a","address":"10.0.0.1:8300"},{"id":"a","address":"10.0.0.2:8300"}]"""),
            ("names an address twice", """[{"id":"a","address":"10.0.0.1:8300"},{"id":"b","address":"10.0.0.1:8300"}]"""),
            ("has a number for an ID", """[{"id":5}]"""),
            ("finds no data", """[{"id":"a","address":"10.0.0.1:8300"}]"""),
        ])
        {
            yield return new($"peers.json {what}", _ => Server)
            {
                Prepare = place =>
                {
                    place.Write("raft/peers.info", "x");
                    place.Write("raft/peers.json", content);
                },
            };
        }
    }

    private static IEnumerable<StartCase> Directories()
    {
        yield return new("the data directory is a file", _ => Server)
        {
            Prepare = place => File.WriteAllText(place.DataDirectory, "x"),
        };
        yield return new("the data directory is below a file", p => [.. Server, "-data-dir=" + p.DataDirectory + "/file/below"])
        {
            Prepare = place => place.Write("file", "x"),
        };
        yield return new("the data directory cannot be made", _ => [.. Server, "-data-dir=/proc/nosuch"]);
        yield return new("there is no data directory", _ => [.. Server, "-data-dir="]);
        yield return new("the data directory may not be entered", _ => Server)
        {
            Unprivileged = true,
            Prepare = place => Directory.CreateDirectory(place.DataDirectory, UnixFileMode.None),
        };
        yield return new("the data directory may not be made", p => [.. Server, "-data-dir=" + p.DataDirectory + "/sub"])
        {
            Unprivileged = true,
            Prepare = place => Directory.CreateDirectory(place.DataDirectory, ReadOnly),
        };
        yield return new("the data directory may not be written", _ => Server)
        {
            Unprivileged = true,
            Prepare = place => Directory.CreateDirectory(place.DataDirectory, ReadOnly),
        };
        yield return new("the raft directory may not be made", _ => Server)
        {
            Unprivileged = true,
            Prepare = WithIdentityOnly,
        };
        yield return new("the serf directory may not be made", _ => [])
        {
            Unprivileged = true,
            Prepare = WithIdentityOnly,
        };
    }

    private static IEnumerable<StartCase> Files()
    {
        yield return File_("the node's identity is garbage", "node-id", Garbage);
        yield return File_("the node's identity is empty", "node-id", string.Empty);
        yield return File_("the node's identity has its hyphens elsewhere", "node-id", "5f2504e04f8941d39a0c0305e82c33010000");
        yield return File_("the keyring is garbage", "serf/local.keyring", Garbage);
        yield return File_("the keyring is empty", "serf/local.keyring", "[]");
        yield return File_("the keyring is an object", "serf/local.keyring", "{}");
        yield return File_("the keyring holds no base64", "serf/local.keyring", "[\"!!\"]");
        yield return File_("the keyring holds a short key", "serf/local.keyring", "[\"AAAA\"]");
        yield return File_("the keyring is cut off", "serf/local.keyring", "[\"AAAAAAAAAAAAAAAAAAAAAA==");
    }

    private static IEnumerable<StartCase> Configuration()
    {
        yield return new("the key is no base64", _ => [.. Server, "-encrypt=abc"]);
        yield return new("the key has a wrong length", _ => [.. Server, "-encrypt=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"]);
        yield return new("an unknown key", _ => [.. Server, "-hcl=nosuch = 1"]);
        yield return new("unknown keys, nested", _ => [.. Server, "-hcl=ports { nosuch = 1 } nosuch = 2"]);
        yield return new("a wrong type", _ => [.. Server, "-hcl=ports { http = \"x\" }"]);
        yield return new("HCL without an end", _ => [.. Server, "-hcl=ports { http = "]);
        yield return ConfigFile("bad HCL on line 3", "bad.hcl", "a = 1\nports {\n  http = = 3\n}\n");
        yield return ConfigFile("HCL that is binary", "bad.hcl", "\u0001\u0002\u0003");
        yield return ConfigFile("bad JSON", "bad.json", "{\"ports\": {\"http\": 1,}}");
        yield return ConfigFile("JSON without an end", "bad.json", "{\"ports\": {");
        yield return ConfigFile("JSON of a wrong type", "bad.json", "{\"ports\": [1]}");
        yield return new("a file that is not there", p => [.. Server, $"-config-file={p.DataDirectory}/nosuch.hcl"]);
        yield return new("a directory that is not there", p => [.. Server, $"-config-dir={p.DataDirectory}/nosuch"]);
        yield return new("a bad datacenter", _ => [.. Server, "-datacenter=dc.1"]);
        yield return new("bootstrap twice", _ => [.. Server, "-bootstrap-expect=3"]);
        yield return new("bootstrap of a client", _ => ["-bootstrap"]);
        yield return new("expecting as a client", _ => ["-bootstrap-expect=3"]);
        yield return new("a bad log level", _ => [.. Server, "-log-level=loud"]);
        yield return new("a bad duration", _ => [.. Server, "-hcl=check_update_interval = \"soon\""]);
        yield return new("a bad raft multiplier", _ => [.. Server, "-hcl=performance { raft_multiplier = 11 }"]);
        yield return new("an unknown flag", _ => [.. Server, "-nosuch"]);
        yield return new("a bad node identity", _ => [.. Server, "-node-id=nonsense"]);
        yield return new("a script check where scripts are off", _ => [.. Server, "-hcl=service { name = \"a\" check { args = [\"true\"] interval = \"5s\" } }"]);
        yield return new("a check of no kind", _ => [.. Server, "-hcl=service { name = \"a\" check { interval = \"5s\" } }"]);
        yield return new("a check without an interval", _ => [.. Server, "-hcl=service { name = \"a\" check { http = \"http://localhost\" } }"]);
        yield return new("a check of a service that is not there", _ => [.. Server, "-hcl=check { name = \"c\" ttl = \"5s\" service_id = \"nosuch\" }"]);
        yield return new("a script check of the node", _ => [.. Server, "-hcl=check { name = \"c\" args = [\"true\"] interval = \"5s\" }"]);
        yield return new("a service without a name", _ => [.. Server, "-hcl=service { port = 1 }"]);
    }

    private const UnixFileMode ReadOnly = Owner | Others;

    private static StartCase File_(string name, string file, string content) => new(name, _ => Server)
    {
        Prepare = place => place.Write(file, content),
    };

    private static StartCase ConfigFile(string name, string file, string content) => new(name, p => [.. Server, $"-config-file={p.DataDirectory}/{file}"])
    {
        Prepare = place => place.Write(file, content),
    };

    private static void WithIdentityOnly(StartPlace place)
    {
        Directory.CreateDirectory(place.DataDirectory, ReadOnly);
        place.Write("node-id", "5f2504e0-4f89-41d3-9a0c-0305e82c3301");
        File.SetUnixFileMode(Path.Combine(place.DataDirectory, "node-id"), UnixFileMode.UserRead | UnixFileMode.OtherRead);
    }

    private static string Flag(string name, int port) => string.Create(CultureInfo.InvariantCulture, $"-{name}={port}");
}
