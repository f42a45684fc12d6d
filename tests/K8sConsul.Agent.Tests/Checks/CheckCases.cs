using System.Collections.Immutable;
using K8sConsul.Agent.Local.Definitions;

namespace K8sConsul.Agent.Tests.Checks;

/// <summary>Checks that Consul 1.8 runs too, against <see cref="CheckTargets"/>; each with the name that the tests print.</summary>
internal static class CheckCases
{
    public static IReadOnlyList<CheckDefinition> All(CheckTargets t) => [.. Http(t), .. Tcp(t), .. Grpc(t), .. Scripts()];

    private static IEnumerable<CheckDefinition> Http(CheckTargets t)
    {
        foreach (string path in new[] { "200", "204", "404", "429", "500", "big", "redirect", "loop", "nowhere", "short", "chunked", "close", "reason", "noreason", "gzip", "binary", "reset", "echo", "200?a=b&c", "200#frag", "a%20b" })
        {
            yield return H(path, $"http://{t.Http}/{path}");
        }

        yield return H("slow", $"http://{t.Http}/slow") with { Timeout = Half };
        yield return H("slowbody", $"http://{t.Http}/slowbody") with { Timeout = Half };
        yield return H("small", $"http://{t.Http}/big") with { OutputMaxSize = 10 };
        yield return H("post", $"http://{t.Http}/echo") with { Method = "POST", Body = "hello", Header = Headers(("X-A", "1"), ("Content-Type", "text/x"), ("Host", "foo.example")) };
        yield return H("head", $"http://{t.Http}/200") with { Method = "HEAD" };
        yield return H("put", $"http://{t.Http}/echo") with { Method = "PUT", Body = "x" };
        yield return H("agent", $"http://{t.Http}/200") with { Header = Headers(("User-Agent", "me"), ("Accept", "x/y")) };
        yield return H("user", $"http://u:p@{t.Http}/200");
        yield return H("scheme", $"HTTP://{t.Http}/200");
        yield return H("silent", $"http://{t.Silent}/") with { Timeout = Half };
        yield return H("closing", $"http://{t.Closing}/x");
        yield return H("garbage", $"http://{t.Garbage}/");
        yield return H("refused", $"http://{t.Refusing}/");
        yield return H("tls-on-plain", $"https://{t.Http}/");
        yield return H("badurl", "http://[::1/");
        yield return H("noscheme", "127.0.0.1:1/x");
        yield return H("ftp", "ftp://x/");
        yield return H("badport", "http://127.0.0.1:x/");
        yield return H("nohost", "http:///x");
        yield return H("badmethod", $"http://{t.Http}/200") with { Method = "G T" };
    }

    private static IEnumerable<CheckDefinition> Tcp(CheckTargets t)
    {
        foreach (string address in new[] { t.Http, t.Refusing, "127.0.0.1", "127.0.0.1:xx", "127.0.0.1:70000", "::1:80", "[::1", "localhost:" + t.Http.Split(':')[1], "localhost:" + t.Refusing.Split(':')[1], ":" + t.Http.Split(':')[1] })
        {
            yield return new CheckDefinition { Name = $"tcp {address}", Tcp = address, Interval = TimeSpan.FromSeconds(1) };
        }
    }

    private static IEnumerable<CheckDefinition> Grpc(CheckTargets t)
    {
        foreach (string target in new[] { t.Grpc, t.Grpc + "/", t.Grpc + "/down", t.Grpc + "/unknown", t.Grpc + "/odd", t.Grpc + "/nope", t.Grpc + "/a/b", t.GrpcWithoutHealth, t.Http, t.Silent, t.Closing, t.Garbage, t.Refusing })
        {
            yield return new CheckDefinition { Name = $"grpc {target}", Grpc = target, Interval = TimeSpan.FromSeconds(1), Timeout = TimeSpan.FromSeconds(1) };
        }

        yield return new CheckDefinition { Name = "grpc tls on plain", Grpc = t.Grpc, GrpcUseTls = true, Interval = TimeSpan.FromSeconds(1), Timeout = TimeSpan.FromSeconds(1) };
    }

    private static IEnumerable<CheckDefinition> Scripts()
    {
        yield return S("ok", "/bin/sh", "-c", "echo out; echo err >&2");
        yield return S("warn", "/bin/sh", "-c", "echo w; exit 1");
        yield return S("crit", "/bin/sh", "-c", "exit 2");
        yield return S("big", "/bin/sh", "-c", "yes 0123456789 | head -c 5000");
        yield return S("small", "/bin/sh", "-c", "yes 0123456789 | head -c 5000") with { OutputMaxSize = 20 };
        yield return S("cut", "/bin/sh", "-c", "printf éééé") with { OutputMaxSize = 3 };
        yield return S("timeout", "/bin/sh", "-c", "echo started; sleep 20") with { Timeout = Half };
        yield return S("timeout-children", "/bin/sh", "-c", "sleep 20 & sleep 20") with { Timeout = Half };
        yield return S("missing", "/x/y");
        yield return S("not-in-path", "no-such-program", "a");
        yield return S("forbidden", "/etc/passwd");
        yield return S("directory", "/tmp");
        yield return S("signal", "/bin/sh", "-c", "kill -9 $$");
        yield return S("background", "/bin/sh", "-c", "(sleep 0.3; echo late) & echo now");
        yield return S("in-path", "echo", "a  b", "c");
        yield return S("stdin", "cat");
        yield return S("pipe", "/bin/sh", "-c", "yes | head -1");
        yield return S("empty", "");
        yield return S("relative", "./x");
    }

    private static readonly TimeSpan Half = TimeSpan.FromMilliseconds(500);

    private static CheckDefinition H(string name, string url) => new() { Name = $"http {name}", Http = url, Interval = TimeSpan.FromSeconds(1) };

    private static CheckDefinition S(string name, params string[] args) => new() { Name = $"script {name}", ScriptArgs = [.. args], Interval = TimeSpan.FromSeconds(1) };

    private static ImmutableSortedDictionary<string, ImmutableArray<string>> Headers(params (string Name, string Value)[] headers) =>
        headers.ToImmutableSortedDictionary(static h => h.Name, static h => ImmutableArray.Create(h.Value), StringComparer.Ordinal);
}
