using System.Text;

namespace K8sConsul.EndToEnd.Tests.BadInput;

/// <summary>Bodies that are not the JSON they should be, at every endpoint that reads one.</summary>
internal static class JsonCases
{
    private const int DeepNesting = 100_000;

    private static readonly (string Method, string Path)[] Endpoints =
    [
        ("PUT", "/v1/agent/service/register"),
        ("PUT", "/v1/agent/check/register"),
        ("PUT", "/v1/agent/check/update/nosuch"),
        ("PUT", "/v1/catalog/register"),
        ("PUT", "/v1/catalog/deregister"),
        ("PUT", "/v1/session/create"),
        ("PUT", "/v1/txn"),
        ("PUT", "/v1/coordinate/update"),
    ];

    private static readonly (string Name, string Body)[] Broken =
    [
        ("nothing", ""),
        ("white space", " \t\r\n "),
        ("a lone brace", "{"),
        ("a lone bracket", "["),
        ("a key without a value", """{"Name"""),
        ("a colon and no more", """{"Name":"""),
        ("a string without an end", """{"Name":"we"""),
        ("a comma too many", """{"Name":"web",}"""),
        ("two commas", """{"Name":"web",,"Port":1}"""),
        ("single quotes", "{'Name':'web'}"),
        ("no quotes", "{Name:web}"),
        ("a comment", """{"Name":"web"/*comment*/}"""),
        ("something after the end", """{"Name":"web"} trailing"""),
        ("two documents", """{"Name":"a"}{"Name":"b"}"""),
        ("a bad escape", """{"Name":"\q"}"""),
        ("half a surrogate", """{"Name":"\ud800"}"""),
        ("a short unicode escape", """{"Name":"\u12"}"""),
        ("a control character", "{\"Name\":\"a\u0001b\"}"),
        ("a raw line break in a string", "{\"Name\":\"a\nb\"}"),
        ("a leading zero", """{"Port":012}"""),
        ("a lone minus", """{"Port":-}"""),
        ("a bare exponent", """{"Port":1e}"""),
        ("a half literal", """{"Name":tru}"""),
        ("NaN", """{"Port":NaN}"""),
        ("null", "null"),
        ("a number", "12"),
        ("a string", "\"text\""),
        ("true", "true"),
        ("an array", "[]"),
        ("an empty object", "{}"),
        ("an array of numbers", "[1,2,3]"),
        ("text", "not json at all"),
        ("HTML", "<html></html>"),
        ("a byte order mark", "\uFEFF{}"),
        ("a NUL", "\0"),
        ("an unknown key", """{"NoSuchKey":1}"""),
    ];

    private static readonly (string Path, string Body)[] WrongTypes =
    [
        ("/v1/agent/service/register", """{"Name":12}"""),
        ("/v1/agent/service/register", """{"Name":["a"]}"""),
        ("/v1/agent/service/register", """{"Name":"a","Port":"80"}"""),
        ("/v1/agent/service/register", """{"Name":"a","Port":"eighty"}"""),
        ("/v1/agent/service/register", """{"Name":"a","Port":1.5}"""),
        ("/v1/agent/service/register", """{"Name":"a","Port":99999999999999999999}"""),
        ("/v1/agent/service/register", """{"Name":"a","Port":[]}"""),
        ("/v1/agent/service/register", """{"Name":"a","Tags":"x"}"""),
        ("/v1/agent/service/register", """{"Name":"a","Tags":[1]}"""),
        ("/v1/agent/service/register", """{"Name":"a","Tags":{"a":1}}"""),
        ("/v1/agent/service/register", """{"Name":"a","Meta":[]}"""),
        ("/v1/agent/service/register", """{"Name":"a","Meta":{"a":1}}"""),
        ("/v1/agent/service/register", """{"Name":"a","Meta":{"a b":"c"}}"""),
        ("/v1/agent/service/register", """{"Name":"a","Weights":{"Passing":-1}}"""),
        ("/v1/agent/service/register", """{"Name":"a","Weights":3}"""),
        ("/v1/agent/service/register", """{"Name":"a","EnableTagOverride":"maybe"}"""),
        ("/v1/agent/service/register", """{"Name":"a","Check":[]}"""),
        ("/v1/agent/service/register", """{"Name":"a","Check":"x"}"""),
        ("/v1/agent/service/register", """{"Name":"a","Check":{"Interval":"10s"}}"""),
        ("/v1/agent/service/register", """{"Name":"a","Check":{"HTTP":"http://x"}}"""),
        ("/v1/agent/service/register", """{"Name":"a","Check":{"HTTP":"http://x","Interval":"nonsense"}}"""),
        ("/v1/agent/service/register", """{"Name":"a","Check":{"HTTP":"http://x","Interval":true}}"""),
        ("/v1/agent/service/register", """{"Name":"a","Check":{"TTL":"-5s"}}"""),
        ("/v1/agent/service/register", """{"Name":"a","Check":{"TTL":"5parsecs"}}"""),
        ("/v1/agent/service/register", """{"Name":"a","Check":{"TTL":"5s","Interval":"5s","HTTP":"x"}}"""),
        ("/v1/agent/service/register", """{"Name":"a","Check":{"TTL":"5s","Status":"unwell"}}"""),
        ("/v1/agent/service/register", """{"Name":"a","Check":{"TTL":"5s","DeregisterCriticalServiceAfter":"never"}}"""),
        ("/v1/agent/service/register", """{"Name":"a","Check":{"Args":["true"],"Interval":"5s"}}"""),
        ("/v1/agent/service/register", """{"Name":"a","Checks":[{"Script":"true","Interval":"5s"}]}"""),
        ("/v1/agent/service/register", """{"Name":"a","Checks":{}}"""),
        ("/v1/agent/service/register", """{"Name":"a","Kind":"nonsense"}"""),
        ("/v1/agent/service/register", """{"Name":"a","Kind":"connect-proxy"}"""),
        ("/v1/agent/service/register", """{"Name":"a","Address":"0.0.0.0"}"""),
        ("/v1/agent/service/register", """{"Name":"a","TaggedAddresses":{"lan":"x"}}"""),
        ("/v1/agent/service/register", """{"Name":"a","Proxy":{}}"""),
        ("/v1/agent/service/register", """{"Name":"a","Connect":{"Native":"x"}}"""),
        ("/v1/agent/service/register", """{"ID":"only"}"""),
        ("/v1/agent/service/register?replace-existing-checks=maybe", """{"Name":"zz","Check":{"Interval":"x"}}"""),
        ("/v1/agent/check/register", """{"Name":"c"}"""),
        ("/v1/agent/check/register", """{"Name":7,"TTL":"5s"}"""),
        ("/v1/agent/check/register", """{"TTL":"5s"}"""),
        ("/v1/agent/check/register", """{"Name":"five-nanoseconds","TTL":5.5}"""),
        ("/v1/agent/check/register", """{"Name":"c","TTL":"9999999999h"}"""),
        ("/v1/agent/check/register", """{"Name":"c","TTL":"5s","Status":"x"}"""),
        ("/v1/agent/check/register", """{"Name":"c","TTL":"5s","ServiceID":"nosuch"}"""),
        ("/v1/agent/check/register", """{"Name":"c","Args":"true","Interval":"5s"}"""),
        ("/v1/agent/check/register", """{"Name":"c","Args":["true"],"Interval":"5s"}"""),
        ("/v1/agent/check/register", """{"Name":"c","HTTP":"x"}"""),
        ("/v1/agent/check/register", """{"Name":"c","HTTP":"x","Interval":"1s","Header":{"a":"b"}}"""),
        ("/v1/agent/check/register", """{"Name":"c","TCP":"x","Interval":"1s","Timeout":"soon"}"""),
        ("/v1/agent/check/register", """{"Name":"c","TTL":"5s","OutputMaxSize":-1}"""),
        ("/v1/agent/check/register", """{"Name":"c","AliasNode":"x","TTL":"5s"}"""),
        ("/v1/agent/check/update/nosuch", """{"Status":"passing"}"""),
        ("/v1/agent/check/update/nosuch", """{"Status":"nonsense"}"""),
        ("/v1/agent/check/update/nosuch", """{"Status":1}"""),
        ("/v1/catalog/register", """{"Node":"n"}"""),
        ("/v1/catalog/register", """{"Node":"n","Address":"a","Service":"x"}"""),
        ("/v1/catalog/register", """{"Node":"n","Address":"a","Service":{"ID":"i"}}"""),
        ("/v1/catalog/register", """{"Node":"n","Address":"a","Service":{"Service":"s","Port":"x"}}"""),
        ("/v1/catalog/register", """{"Node":"n","Address":"a","Check":{"Name":3}}"""),
        ("/v1/catalog/register", """{"Node":"n","Address":"a","Check":{"Definition":{"Interval":"x"}}}"""),
        ("/v1/catalog/register", """{"Node":"n","Address":"a","Checks":{}}"""),
        ("/v1/catalog/register", """{"Node":"n","Address":"a","Check":{"CheckID":"c","Name":"c","ServiceID":"nosuch"}}"""),
        ("/v1/catalog/register", """{"Node":"n","Address":"a","ID":"not-a-uuid"}"""),
        ("/v1/catalog/register", """{"Node":"n","Address":"a","Datacenter":"nosuch"}"""),
        ("/v1/catalog/register", """{"Node":"n","Address":"a","NodeMeta":{"a":{}}}"""),
        ("/v1/catalog/deregister", """{"ServiceID":"x"}"""),
        ("/v1/catalog/deregister", """{"Node":3}"""),
        ("/v1/catalog/deregister", """{"Node":"x","Datacenter":"nosuch"}"""),
        ("/v1/session/create", """{"TTL":"1s"}"""),
        ("/v1/session/create", """{"TTL":"25h"}"""),
        ("/v1/session/create", """{"TTL":"soon"}"""),
        ("/v1/session/create", """{"TTL":[]}"""),
        ("/v1/session/create", """{"LockDelay":"x"}"""),
        ("/v1/session/create", """{"LockDelay":{}}"""),
        ("/v1/session/create", """{"LockDelay":"2m"}"""),
        ("/v1/session/create", """{"Behavior":"explode"}"""),
        ("/v1/session/create", """{"Behavior":1}"""),
        ("/v1/session/create", """{"Checks":"x"}"""),
        ("/v1/session/create", """{"Checks":["nosuch"]}"""),
        ("/v1/session/create", """{"NodeChecks":["nosuch"]}"""),
        ("/v1/session/create", """{"Node":"nosuch"}"""),
        ("/v1/session/create", """{"Node":[]}"""),
        ("/v1/session/renew/not-a-uuid", ""),
        ("/v1/session/destroy/not-a-uuid", ""),
        ("/v1/session/destroy/", ""),
        ("/v1/session/renew/", ""),
        ("/v1/txn", """[{}]"""),
        ("/v1/txn", """[null]"""),
        ("/v1/txn", """[{"KV":{}}]"""),
        ("/v1/txn", """[{"KV":{"Verb":"nonsense","Key":"a"}}]"""),
        ("/v1/txn", """[{"KV":{"Verb":"set"}}]"""),
        ("/v1/txn", """[{"KV":{"Verb":"set","Key":"a","Value":"not base64!"}}]"""),
        ("/v1/txn", """[{"KV":{"Verb":"set","Key":"a","Value":12}}]"""),
        ("/v1/txn", """[{"KV":{"Verb":"set","Key":"a","Flags":-1}}]"""),
        ("/v1/txn", """[{"KV":{"Verb":"cas","Key":"a","Index":"x"}}]"""),
        ("/v1/txn", """[{"KV":{"Verb":"lock","Key":"a"}}]"""),
        ("/v1/txn", """[{"KV":{"Verb":"lock","Key":"a","Session":"nosuch"}}]"""),
        ("/v1/txn", """[{"KV":{"Verb":"get","Key":"no/such/key"}}]"""),
        ("/v1/txn", """[{"Node":{"Verb":"set"}}]"""),
        ("/v1/txn", """[{"Node":{"Verb":"set","Node":{"Node":""}}}]"""),
        ("/v1/txn", """[{"Service":{"Verb":"set","Node":"nosuch","Service":{"Service":"a"}}}]"""),
        ("/v1/txn", """[{"Check":{"Verb":"set","Check":{"Node":"nosuch","CheckID":"c"}}}]"""),
        ("/v1/txn", """[{"Check":{"Verb":"set","Check":{"Node":"node1","CheckID":"c","Definition":{"Interval":"x"}}}}]"""),
        ("/v1/txn?dc=nosuch", """[{"KV":{"Verb":"set","Key":"a"}}]"""),
        ("/v1/coordinate/update", """{"Node":"nosuch","Coord":{"Vec":[1,2]}}"""),
        ("/v1/coordinate/update", """{"Node":"node1","Coord":{"Vec":"x"}}"""),
        ("/v1/coordinate/update", """{"Node":"node1","Coord":{"Vec":[1e999]}}"""),
    ];

    public static IEnumerable<HttpCase> All()
    {
        foreach ((string method, string path) in Endpoints)
        {
            foreach ((string name, string body) in Broken)
            {
                yield return HttpCase.Of($"{path}: {name}", method, path, body);
            }

            yield return HttpCase.Of($"{path}: invalid UTF-8", method, path, [.. "{\"Name\":\""u8, 0xFF, 0xC0, 0x80, .. "\"}"u8]);
            yield return HttpCase.Of($"{path}: UTF-16", method, path, Encoding.Unicode.GetBytes("{\"Name\":\"web\"}"));
            yield return HttpCase.Of($"{path}: deep arrays", method, path, new string('[', DeepNesting));
            yield return HttpCase.Of($"{path}: deep closed arrays", method, path, new string('[', DeepNesting) + new string(']', DeepNesting));
            yield return HttpCase.Of($"{path}: deep objects", method, path, string.Concat(Enumerable.Repeat("{\"a\":", DeepNesting / 10)) + "1" + new string('}', DeepNesting / 10));
            yield return HttpCase.Of($"{path}: 2 MiB of name", method, path, "{\"Name\":\"" + new string('n', 2 * 1024 * 1024) + "\"");
        }

        foreach ((string path, string body) in WrongTypes)
        {
            yield return HttpCase.Of($"{path}: {body}", "PUT", path, body);
        }
    }
}
