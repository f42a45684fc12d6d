namespace K8sConsul.EndToEnd.Tests.BadInput;

/// <summary>What is hardly HTTP any more.</summary>
internal static class ProtocolCases
{
    private static readonly (string Name, string Text)[] Texts =
    [
        ("nothing at all but two line ends", "\r\n\r\n"),
        ("garbage", "\x01\x02\x03\x04garbage\r\n\r\n"),
        ("a TLS hello", "\x16\x03\x01\x00\xa5\x01\x00\x00\xa1\x03\x03\r\n\r\n"),
        ("HTTP/2's preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
        ("no version", "GET /v1/status/leader\r\n\r\n"),
        ("HTTP/0.9", "GET /v1/kv/a HTTP/0.9\r\nHost: a\r\n\r\n"),
        ("HTTP/3.0", "GET /v1/kv/a HTTP/3.0\r\nHost: a\r\n\r\n"),
        ("HTTP/9", "GET /v1/kv/a HTTP/9\r\nHost: a\r\n\r\n"),
        ("a lower-case version", "GET /v1/kv/a http/1.1\r\nHost: a\r\n\r\n"),
        ("HTTP/1.0", "GET /v1/kv/a HTTP/1.0\r\n\r\n"),
        ("HTTP/1.0 with a body", "PUT /v1/kv/ten HTTP/1.0\r\nContent-Length: 2\r\n\r\nab"),
        ("HTTP/1.0 with a blocking parameter", "GET /v1/kv/a?index=x HTTP/1.0\r\n\r\n"),
        ("no host", "GET /v1/kv/a HTTP/1.1\r\nConnection: close\r\n\r\n"),
        ("two hosts", "GET /v1/kv/a HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n"),
        ("an odd host", "GET /v1/kv/a HTTP/1.1\r\nHost: a b<c>\r\nConnection: close\r\n\r\n"),
        ("an empty host", "GET /v1/kv/a HTTP/1.1\r\nHost:\r\nConnection: close\r\n\r\n"),
        ("a header without a colon", "GET /v1/kv/a HTTP/1.1\r\nHost: a\r\nnonsense\r\nConnection: close\r\n\r\n"),
        ("a header without a name", "GET /v1/kv/a HTTP/1.1\r\nHost: a\r\n: x\r\nConnection: close\r\n\r\n"),
        ("a space before the colon", "GET /v1/kv/a HTTP/1.1\r\nHost: a\r\nX-A : x\r\nConnection: close\r\n\r\n"),
        ("a NUL in a header", "GET /v1/kv/a HTTP/1.1\r\nHost: a\r\nX-A: x\x00y\r\nConnection: close\r\n\r\n"),
        ("a control character in a header", "GET /v1/kv/a HTTP/1.1\r\nHost: a\r\nX-A: x\x01y\r\nConnection: close\r\n\r\n"),
        ("a folded header", "GET /v1/kv/a HTTP/1.1\r\nHost: a\r\nX-A: x\r\n y\r\nConnection: close\r\n\r\n"),
        ("line feeds only", "GET /v1/kv/a HTTP/1.1\nHost: a\nConnection: close\n\n"),
        ("two spaces in the request line", "GET  /v1/kv/a HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"),
        ("a NUL in the path", "GET /v1/kv/a\x00b HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"),
        ("a space in the path", "GET /v1/kv/a b HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"),
        ("a bad content encoding", "PUT /v1/kv/gz HTTP/1.1\r\nHost: a\r\nContent-Encoding: nonsense\r\nContent-Length: 2\r\nConnection: close\r\n\r\nab"),
        ("gzip that is none", "PUT /v1/kv/gz HTTP/1.1\r\nHost: a\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\nConnection: close\r\n\r\nab"),
        ("a bad transfer encoding", "PUT /v1/kv/te HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\nConnection: close\r\n\r\nab"),
        ("two transfer encodings", "PUT /v1/kv/te HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\nConnection: close\r\n\r\n2\r\nab\r\n0\r\n\r\n"),
        ("chunks and a length", "PUT /v1/kv/te HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\nConnection: close\r\n\r\n2\r\nab\r\n0\r\n\r\n"),
        ("a chunk whose size is no number", "PUT /v1/kv/te HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\nzz\r\nab\r\n0\r\n\r\n"),
        ("a chunk whose size is negative", "PUT /v1/kv/te HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n-2\r\nab\r\n0\r\n\r\n"),
        ("a chunk whose size is beyond 64 bits", "PUT /v1/kv/te HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\nfffffffffffffffff\r\nab\r\n0\r\n\r\n"),
        ("a chunk longer than it said", "PUT /v1/kv/te HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n2\r\nabcdef\r\n0\r\n\r\n"),
        ("an expectation that nobody has", "PUT /v1/kv/ex HTTP/1.1\r\nHost: a\r\nExpect: miracles\r\nContent-Length: 2\r\nConnection: close\r\n\r\nab"),
        ("an upgrade to a web socket", "GET /v1/kv/a HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade, close\r\n\r\n"),
        ("a range", "GET /v1/kv/kept/by/the/test?raw HTTP/1.1\r\nHost: a\r\nRange: bytes=5-\r\nConnection: close\r\n\r\n"),
        ("an accept header of nonsense", "GET /v1/kv/a HTTP/1.1\r\nHost: a\r\nAccept: \x7f///\r\nConnection: close\r\n\r\n"),
        ("a content type of nonsense", "PUT /v1/txn HTTP/1.1\r\nHost: a\r\nContent-Type: text/nonsense; charset=x\r\nContent-Length: 2\r\nConnection: close\r\n\r\n[]"),
        ("a body for a GET", "GET /v1/kv/a HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nConnection: close\r\n\r\nabc"),
        ("a body for a DELETE", "DELETE /v1/kv/nosuch HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nConnection: close\r\n\r\nabc"),
        ("garbage behind a request", "GET /v1/kv/a HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n\x01\x02\x03 garbage"),
        ("a token of nonsense", "GET /v1/kv/a HTTP/1.1\r\nHost: a\r\nX-Consul-Token: \xff\xfe\r\nConnection: close\r\n\r\n"),
        ("an authorization of nonsense", "GET /v1/kv/a HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer\r\nConnection: close\r\n\r\n"),
        ("a forwarded-for of nonsense", "PUT /v1/agent/check/update/nosuch HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: ,,,::::\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"),
    ];

    public static IEnumerable<HttpCase> All()
    {
        foreach ((string name, string text) in Texts)
        {
            yield return HttpCase.Raw(name, text);
        }

        yield return HttpCase.Raw("a request in crumbs", "GE", "T /v1/", "kv/a?index", "=x HTTP/1", ".1\r", "\nHo", "st: a\r\nConnection: clo", "se\r\n\r", "\n");
        yield return HttpCase.Raw("a path of 100 KiB", $"GET /v1/kv/{new string('a', 100 * 1024)} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        yield return HttpCase.Raw("a path of 2 MiB", $"GET /v1/kv/{new string('a', 2 * 1024 * 1024)} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        yield return HttpCase.Raw("a header of 100 KiB", $"GET /v1/kv/a HTTP/1.1\r\nHost: a\r\nX-A: {new string('a', 100 * 1024)}\r\nConnection: close\r\n\r\n");
        yield return HttpCase.Raw("a header of 2 MiB", $"GET /v1/kv/a HTTP/1.1\r\nHost: a\r\nX-A: {new string('a', 2 * 1024 * 1024)}\r\nConnection: close\r\n\r\n");
        yield return HttpCase.Raw("five hundred headers", $"GET /v1/kv/a HTTP/1.1\r\nHost: a\r\n{string.Concat(Enumerable.Range(0, 500).Select(i => $"X-{i}: a\r\n"))}Connection: close\r\n\r\n");
        yield return HttpCase.Raw("a method of 100 KiB", $"{new string('A', 100 * 1024)} /v1/kv/a HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    }
}
