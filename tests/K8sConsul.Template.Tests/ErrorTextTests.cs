namespace K8sConsul.Template.Tests;

/// <summary>Every message that users know, with what produces it.</summary>
public sealed class ErrorTextTests
{
    [Theory]
    [InlineData("{{$x}}", "undefined variable \"$x\"")]
    [InlineData("{{if true}}{{$y := 1}}{{end}}{{$y}}", "undefined variable \"$y\"")]
    [InlineData("{{x}}", "function \"x\" not defined")]
    [InlineData("{{if true}}", "unexpected EOF")]
    [InlineData("{{end}}", "unexpected {{end}}")]
    [InlineData("{{else}}", "unexpected {{else}}")]
    [InlineData("{{if true}}{{else}}{{else}}{{end}}", "expected end; found {{else}}")]
    [InlineData("{{if}}{{end}}", "missing value for if")]
    [InlineData("{{range}}{{end}}", "missing value for range")]
    [InlineData("{{with}}{{end}}", "missing value for with")]
    [InlineData("{{block \"x\"}}{{end}}", "missing value for block clause")]
    [InlineData("{{template \"x\" $y := }}", "missing value for template clause")]
    [InlineData("{{()}}", "missing value for parenthesized pipeline")]
    [InlineData("{{1", "unclosed action")]
    [InlineData("{{/* a", "unclosed comment")]
    [InlineData("{{/* a */ }}", "comment ends before closing delimiter")]
    [InlineData("{{ /* a */}}", "unexpected \"/\" in command")]
    [InlineData("{{\"a}}", "unterminated quoted string")]
    [InlineData("{{`a}}", "unterminated raw quoted string")]
    [InlineData("{{'a}}", "unterminated character constant")]
    [InlineData("{{(1}}", "unclosed left paren")]
    [InlineData("{{)}}", "unexpected right paren")]
    [InlineData("{{range $a, $b, $c := .}}{{end}}", "too many declarations in range")]
    [InlineData("{{$a, $b := 1}}", "too many declarations in command")]
    [InlineData("{{range $a, 1 := .}}{{end}}", "range can only initialize variables")]
    [InlineData("{{.n | 3}}", "non executable command in pipeline stage 2")]
    [InlineData("{{.x.}}", "unexpected <.> in operand")]
    [InlineData("{{..x}}", "unexpected . after term \".\"")]
    [InlineData("{{define x}}{{end}}", "unexpected \"x\" in define clause")]
    [InlineData("{{if true}}{{define \"x\"}}{{end}}{{end}}", "unexpected <define> in command")]
    [InlineData("{{break}}", "{{break}} outside {{range}}")]
    [InlineData("{{continue}}", "{{continue}} outside {{range}}")]
    [InlineData("{{1x}}", "bad number syntax: \"1x\"")]
    [InlineData("{{1_}}", "illegal number syntax: \"1_\"")]
    [InlineData("{{a-b}}", "bad character U+002D '-'")]
    [InlineData("{{\"\\q\"}}", "invalid syntax")]
    [InlineData("{{'ab'}}", "malformed character constant: 'ab'")]
    [InlineData("{{define \"a\"}}x{{end}}{{define \"a\"}}y{{end}}", "template: multiple definition of template \"a\"")]
    [InlineData("{{08}}", "integer overflow: \"08\"")]
    [InlineData("{{:}}", "expected :=")]
    [InlineData("{{\u0001}}", "unrecognized character in action: U+0001")]
    [InlineData("{{abcdefghijkl 1}}", "function \"abcdefghijkl\" not defined")]
    [InlineData("{{template abcdefghijkl}}", "unexpected \"abcdefghij\"... in template clause")]
    [InlineData("{{print | | print}}", "unexpected \"|\" in command")]
    public void Parsing(string template, string message)
    {
        Assert.Equal(("", "template: :1: " + message), Sample.Run(template));
    }

    [Theory]
    [InlineData("{{.n.x}}", ":1:4", ".n.x", "can't evaluate field x in type interface {}")]
    [InlineData("{{.svc.Port.x}}", ":1:6", ".svc.Port.x", "can't evaluate field x in type int")]
    [InlineData("{{.nm.nil.y}}", ":1:5", ".nm.nil.y", "nil pointer evaluating interface {}.y")]
    [InlineData("{{.svc.Next.Name}}", ":1:6", ".svc.Next.Name", "nil pointer evaluating *main.Service.Name")]
    [InlineData("{{.sv.hidden}}", ":1:5", ".sv.hidden", "hidden is an unexported field of struct type interface {}")]
    [InlineData("{{.m.a 1}}", ":1:4", ".m.a", "a is not a method but has arguments")]
    [InlineData("{{.svc.Name 1}}", ":1:6", ".svc.Name", "Name has arguments but cannot be invoked as function")]
    [InlineData("{{1 2}}", ":1:2", "1", "can't give argument to non-function 1")]
    [InlineData("{{add 1}}", ":1:2", "add", "wrong number of args for add: want 2 got 1")]
    [InlineData("{{cat}}", ":1:2", "cat", "wrong number of args for cat: want at least 1 got 0")]
    [InlineData("{{upper .n}}", ":1:8", ".n", "wrong type for value; expected string; got int")]
    [InlineData("{{upper 1}}", ":1:8", "1", "expected string; found 1")]
    [InlineData("{{add 1.5 1}}", ":1:6", "1.5", "expected integer; found 1.5")]
    [InlineData("{{addu -1 1}}", ":1:7", "-1", "expected unsigned integer; found -1")]
    [InlineData("{{addf \"a\" 1}}", ":1:7", "\"a\"", "expected float; found \"a\"")]
    [InlineData("{{neg 1}}", ":1:6", "1", "expected bool; found 1")]
    [InlineData("{{cplx 1}}", ":1:7", "1", "expected complex; found 1")]
    [InlineData("{{keys 1}}", ":1:7", "1", "can't handle 1 for arg of type map[string]interface {}")]
    [InlineData("{{upper .nope}}", ":1:8", ".nope", "invalid value; expected string")]
    [InlineData("{{upper nil}}", ":1:8", "nil", "cannot assign nil to string")]
    [InlineData("{{nil}}", ":1:2", "nil", "nil is not a command")]
    [InlineData("{{range .s}}{{end}}", ":1:8", ".s", "range can't iterate over x")]
    [InlineData("{{$x = 1}}", ":1:7", "1", "undefined variable: $x")]
    [InlineData("{{template \"x\"}}", ":1:11", "{{template \"x\"}}", "template \"x\" not defined")]
    [InlineData("{{9223372036854775808}}", ":1:2", "9223372036854775808", "9223372036854775808 overflows int")]
    [InlineData("{{.fn}}", ":1:2", "{{.fn}}", "can't print {{.fn}} of type func(int) int")]
    [InlineData("{{fail \"E\"}}", ":1:2", "fail \"E\"", "error calling fail: E")]
    [InlineData("{{.svc.Fail}}", ":1:6", ".svc.Fail", "error calling Fail: out of order")]
    [InlineData("a\n {{ .n.x }}", ":2:6", ".n.x", "can't evaluate field x in type interface {}")]
    [InlineData("é {{ .n.x }}", ":1:8", ".n.x", "can't evaluate field x in type interface {}")]
    [InlineData("{{.nm.x.y.abcdefghijklmnopqrstuvwxyz}}", ":1:5", ".nm.x.y.abcdefghijklmnopqrstuvwxyz", "can't evaluate field abcdefghijklmnopqrstuvwxyz in type interface {}")]
    public void Executing(string template, string place, string node, string message)
    {
        (string output, string error) = Sample.Run(template);
        Assert.Equal($"template: {place}: executing \"\" at <{node}>: {message}", error);
        Assert.DoesNotContain("{{", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{{.nope}}", "map has no entry for key \"nope\"")]
    [InlineData("{{template \"t\"}}{{define \"t\"}}{{.k}}{{end}}", "nil data; no entry for key \"k\"")]
    public void Missing_keys_as_errors(string template, string message)
    {
        string error = Sample.Run(template, MissingKey.Error).Error;
        Assert.EndsWith(">: " + message, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("index .l 5", "index out of range: 5")]
    [InlineData("index .l -1", "index out of range: -1")]
    [InlineData("index .l 3", "reflect: slice index out of range")]
    [InlineData("index nil 1", "index of untyped nil")]
    [InlineData("index .nm \"nil\" 1", "index of nil pointer")]
    [InlineData("index .l \"a\"", "cannot index slice/array with type string")]
    [InlineData("index .l nil", "cannot index slice/array with nil")]
    [InlineData("index .m 1", "value has type int; should be string")]
    [InlineData("index .m nil", "value is nil; should be of type string")]
    [InlineData("index .n 1", "can't index item of type int")]
    [InlineData("len 3", "len of type int")]
    [InlineData("len .svc.Next", "len of nil pointer")]
    [InlineData("len nil", "reflect: call of reflect.Value.Type on zero Value")]
    [InlineData("slice .l 2 1", "invalid slice index: 2 > 1")]
    [InlineData("slice .l 0 2 1", "invalid slice index: 2 > 1")]
    [InlineData("slice \"abc\" 0 1 2", "cannot 3-index slice a string")]
    [InlineData("slice .l 1 2 3 4", "too many slice indexes: 4")]
    [InlineData("slice .m 1", "can't slice item of type map[string]int")]
    [InlineData("slice nil 1", "slice of untyped nil")]
    [InlineData("eq .n \"3\"", "incompatible types for comparison")]
    [InlineData("gt .f 1", "incompatible types for comparison")]
    [InlineData("eq \"a\" 'a'", "incompatible types for comparison")]
    [InlineData("lt true false", "invalid type for comparison")]
    [InlineData("lt .l 1", "invalid type for comparison")]
    [InlineData("eq 1", "missing argument for comparison")]
    [InlineData("eq .ls .ls", "non-comparable type [a b]: []string")]
    [InlineData("call nil", "call of nil")]
    [InlineData("call .n", "non-function .n of type int")]
    public void Built_in_functions(string pipeline, string message)
    {
        string name = pipeline.Split(' ')[0];
        Assert.Equal(("", $"template: :1:2: executing \"\" at <{pipeline}>: error calling {name}: {message}"), Sample.Run("{{" + pipeline + "}}"));
    }
}
