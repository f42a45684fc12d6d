namespace K8sConsul.EndToEnd.Tests.BadInput;

/// <summary>
/// Where our answer is not the real one's, and why. Both statuses are written down, so that neither program can change without
/// this list noticing; 0 is a connection closed (or, for two line ends, kept) without a word.
/// </summary>
internal static class KnownDifferences
{
    private const string Kestrel = "our HTTP server refuses this before our code sees it: same meaning, no text";
    private const string Lenient = "our HTTP server lets this through, and nothing looks at it";
    private const string Strict = "our HTTP server refuses what Go's lets through; no client sends it";
    private const string Panic = "the real one's handler panics and drops the connection";
    private const string Chunks = "the real one bounds a value by its announced length only: in chunks it takes any size";
    private const string Depth = "we stop reading at a depth of 1,000, the real one at 10,000 and only where it looks at the value";

    private static readonly Dictionary<string, (int Ours, int Theirs, string Reason)> Known = new(StringComparer.Ordinal)
    {
        ["/v1/agent/service/register: deep objects"] = (400, 400, Depth),
        ["/v1/agent/check/register: deep objects"] = (400, 400, Depth),
        ["/v1/agent/check/update/nosuch: deep objects"] = (400, 400, Depth),
        ["/v1/catalog/register: deep objects"] = (400, 400, Depth),
        ["/v1/catalog/deregister: deep objects"] = (400, 400, Depth),
        ["/v1/session/create: deep objects"] = (400, 200, Depth),
        ["/v1/txn: deep objects"] = (400, 400, Depth),
        ["/v1/coordinate/update: deep objects"] = (400, 400, Depth),
        ["/v1/coordinate/update: null"] = (500, 0, Panic),
        ["/v1/coordinate/update: an empty object"] = (500, 0, Panic),
        ["/v1/txn: [null]"] = (400, 0, Panic),
        ["a key with 524289 bytes in chunks"] = (413, 200, Chunks),
        ["a key with 525312 bytes in chunks"] = (413, 200, Chunks),
        ["a key with 2097152 bytes in chunks"] = (413, 200, Chunks),
        ["a negative length"] = (400, 400, Kestrel),
        ["a length in words"] = (400, 400, Kestrel),
        ["two lengths"] = (400, 400, Kestrel),
        ["a length beyond 64 bits"] = (400, 400, Kestrel),
        ["path /v1/kv/%"] = (400, 400, Kestrel),
        ["path /v1/kv/%z"] = (400, 400, Kestrel),
        ["path /v1/kv/%zz"] = (400, 400, Kestrel),
        ["path /v1/kv/%1"] = (400, 400, Kestrel),
        ["path v1/kv/a"] = (400, 400, Kestrel),
        ["path ?"] = (400, 400, Kestrel),
        ["path *"] = (405, 400, Kestrel),
        ["path /v1/kv/\u00e9"] = (400, 404, Strict),
        ["path /v1/kv/\u00ff\u00fe"] = (400, 404, Strict),
        ["path http://elsewhere"] = (200, 301, "an address without a path is the root to us, and a detour to the root in Go"),
        ["method G@T /v1/kv/a"] = (400, 400, Kestrel),
        ["method G(T /v1/kv/a"] = (400, 400, Kestrel),
        ["nothing at all but two line ends"] = (0, 400, "empty lines before a request are skipped, as RFC 9112 section 2.2 asks"),
        ["garbage"] = (400, 400, Kestrel),
        ["a TLS hello"] = (400, 400, Kestrel),
        ["HTTP/2's preface"] = (0, 400, "told in HTTP/2's own words (GOAWAY) that we do not speak it here"),
        ["no version"] = (400, 400, Kestrel),
        ["HTTP/0.9"] = (505, 400, Kestrel),
        ["HTTP/3.0"] = (505, 400, Kestrel),
        ["HTTP/9"] = (400, 400, Kestrel),
        ["a lower-case version"] = (505, 400, Kestrel),
        ["no host"] = (400, 400, Kestrel),
        ["two hosts"] = (400, 400, Kestrel),
        ["an odd host"] = (400, 400, Kestrel),
        ["a header without a colon"] = (400, 400, Kestrel),
        ["a header without a name"] = (400, 404, Strict),
        ["a space before the colon"] = (400, 400, Kestrel),
        ["a NUL in a header"] = (400, 400, Kestrel),
        ["a control character in a header"] = (404, 400, Lenient),
        ["an accept header of nonsense"] = (404, 400, Lenient),
        ["a folded header"] = (400, 404, Strict),
        ["two spaces in the request line"] = (400, 400, Kestrel),
        ["a NUL in the path"] = (400, 400, Kestrel),
        ["a space in the path"] = (400, 400, Kestrel),
        ["a bad transfer encoding"] = (400, 501, Kestrel),
        ["a chunk longer than it said"] = (500, 500, "one text for every badly cut chunk"),
        ["a path of 2 MiB"] = (414, 431, Kestrel),
        ["a header of 2 MiB"] = (431, 431, Kestrel),
    };

    public static HttpCase Mark(HttpCase one) => Known.TryGetValue(one.Name, out (int Ours, int Theirs, string Reason) known)
        ? one with { Differs = known.Reason, Ours = known.Ours, Theirs = known.Theirs }
        : one;
}
