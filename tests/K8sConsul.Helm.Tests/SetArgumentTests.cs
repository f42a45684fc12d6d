using System.Text.Json;
using K8sConsul.Helm.Values;

namespace K8sConsul.Helm.Tests;

/// <summary><c>--set</c>, <c>--set-string</c> and <c>--set-json</c>: what is written and what values become.</summary>
public sealed class SetArgumentTests
{
    [Theory]
    [InlineData("a=1", """{"a":1}""")]
    [InlineData("a.b.c=x", """{"a":{"b":{"c":"x"}}}""")]
    [InlineData("a=1,b=2", """{"a":1,"b":2}""")]
    [InlineData("a=true,b=False,c=null,d=nil", """{"a":true,"b":false,"c":null,"d":"nil"}""")]
    [InlineData("a=0,b=00,c=07,d=-3,e=+4,f=1.5,g=1e3", """{"a":0,"b":"00","c":"07","d":-3,"e":4,"f":"1.5","g":"1e3"}""")]
    [InlineData("a=", """{"a":""}""")]
    [InlineData("a=,b=1", """{"a":"","b":1}""")]
    [InlineData("a={x,y,1}", """{"a":["x","y",1]}""")]
    [InlineData("a={x},b=1", """{"a":["x"],"b":1}""")]
    [InlineData("l[0]=x", """{"l":["x"]}""")]
    [InlineData("l[2]=x", """{"l":[null,null,"x"]}""")]
    [InlineData("l[0].a=1,l[0].b=2,l[1].a=3", """{"l":[{"a":1,"b":2},{"a":3}]}""")]
    [InlineData("l[0][1]=x", """{"l":[[null,"x"]]}""")]
    [InlineData("a.l[0].m.n={1,2}", """{"a":{"l":[{"m":{"n":[1,2]}}]}}""")]
    [InlineData(@"a\.b=1", """{"a.b":1}""")]
    [InlineData(@"a=x\,y,b=c\=d", """{"a":"x,y","b":"c=d"}""")]
    [InlineData(@"nodeSelector.kubernetes\.io/role=master", """{"nodeSelector":{"kubernetes.io/role":"master"}}""")]
    [InlineData("a=b=c", """{"a":"b=c"}""")]
    [InlineData("a=x y", """{"a":"x y"}""")]
    [InlineData("old.k=2,old.n=3", """{"old":{"k":2,"n":3}}""", """{"old":{"k":1}}""")]
    [InlineData("l[1]=y", """{"l":["a","y"]}""", """{"l":["a","b"]}""")]
    public void Typed(string argument, string expected, string before = "{}") => Check(argument, SetKind.Typed, expected, before);

    [Theory]
    [InlineData("a=1,b=true,c=null", """{"a":"1","b":"true","c":"null"}""")]
    [InlineData("a={1,2}", """{"a":["1","2"]}""")]
    public void Texts(string argument, string expected) => Check(argument, SetKind.Text, expected, "{}");

    [Theory]
    [InlineData("""a={"b":[1,"x"]},c=2""", """{"a":{"b":[1,"x"]},"c":2}""")]
    [InlineData("""a.b=[1,2] ,c="x,y" """, """{"a":{"b":[1,2]},"c":"x,y"}""")]
    [InlineData("a=,b=null,c=3", """{"a":null,"b":null,"c":3}""")]
    [InlineData("""l[0]={"é":1.5}""", """{"l":[{"é":1.5}]}""")]
    public void Json(string argument, string expected) => Check(argument, SetKind.Json, expected, "{}");

    [Theory]
    [InlineData("a", "key \"a\" has no value")]
    [InlineData("a,b=1", "key \"a\" has no value (cannot end with ,)")]
    [InlineData("a.", "key map \"a\" has no value")]
    [InlineData("a={x", "list must terminate with '}'")]
    [InlineData("a[x]=1", "error parsing index: strconv.Atoi: parsing \"x\": invalid syntax")]
    [InlineData("a[-1]=1", "negative -1 index not allowed")]
    [InlineData("a[65537]=1", "index of 65537 is greater than maximum supported index of 65536")]
    [InlineData("a[0]x=1", "unexpected data at end of array index: \"x\"")]
    [InlineData("s.b=1", "unable to parse key: interface conversion: interface {} is string, not map[string]interface {}")]
    [InlineData("s[0]=1", "unable to parse key: interface conversion: interface {} is string, not []interface {}")]
    public void Refused(string argument, string error)
    {
        var values = new Dictionary<string, object?> { ["s"] = "text" };
        HelmException refused = Assert.Throws<HelmException>(() => SetArgument.Apply(argument, SetKind.Typed, values));
        Assert.Equal("failed parsing --set data: " + error, refused.Message);
    }

    [Fact]
    public void Names_cannot_be_nested_for_ever()
    {
        string deep = string.Join('.', Enumerable.Repeat("a", 32)) + "=1";
        HelmException refused = Assert.Throws<HelmException>(() => SetArgument.Apply(deep, SetKind.Typed, []));
        Assert.Equal("failed parsing --set data: value name nested level is greater than maximum supported nested level of 30", refused.Message);
        Assert.StartsWith("failed parsing --set-json data: ", Assert.Throws<HelmException>(() => SetArgument.Apply("a={", SetKind.Json, [])).Message, StringComparison.Ordinal);
    }

    private static void Check(string argument, SetKind kind, string expected, string before)
    {
        Dictionary<string, object?> values = YamlValues.ReadMap(before);
        SetArgument.Apply(argument, kind, values);
        Assert.Equal(expected, JsonSerializer.Serialize(values, JsonSerializerOptions.Default).Replace("\\u00E9", "é", StringComparison.Ordinal));
    }
}
