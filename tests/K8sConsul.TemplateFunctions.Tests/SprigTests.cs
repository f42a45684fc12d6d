namespace K8sConsul.Template.Functions.Tests;

/// <summary>Sprig, row by row of its table.</summary>
public sealed class SprigTests
{
    [Theory]
    [InlineData("[{{trim \" a \"}}]{{trimAll \"$\" \"$5$\"}}{{trimPrefix \"-\" \"-a\"}}{{trimSuffix \"-\" \"a-\"}}", "[a]5aa")]
    [InlineData("{{upper \"aé\"}}{{lower \"AÉ\"}}{{title \"hello wORLD\"}}{{untitle \"Hello World\"}}", "AÉaéHello WORLDhello world")]
    [InlineData("{{repeat 3 \"ab\"}}|{{repeat 0 \"a\"}}|{{substr 1 3 \"hello\"}}|{{substr -1 2 \"hello\"}}|{{substr 2 -1 \"hello\"}}|{{substr 0 99 \"hi\"}}", "ababab||el|he|llo|hi")]
    [InlineData("{{repeat -1 \"a\"}}", "! error calling repeat: strings: negative Repeat count")]
    [InlineData("{{trunc 3 \"hello\"}}|{{trunc -3 \"hello\"}}|{{trunc 9 \"hi\"}}|{{trunc -9 \"hi\"}}|{{trunc 63 \"a-\" | trimSuffix \"-\"}}", "hel|llo|hi|hi|a")]
    [InlineData("{{abbrev 5 \"hello world\"}}|{{abbrev 3 \"hello\"}}|{{abbrevboth 5 10 \"1234 5678 9123\"}}", "he...|hello|...5678...")]
    [InlineData("{{contains \"b\" \"abc\"}}{{hasPrefix \"a\" \"abc\"}}{{hasSuffix \"c\" \"abc\"}}{{replace \" \" \"-\" \"a b c\"}}", "truetruetruea-b-c")]
    [InlineData("{{quote \"a\\\"b\" 1 nil true}} {{squote \"a\" nil 1}} {{cat \"a\" nil 1 .l}}", "\"a\\\"b\" \"1\" \"true\" 'a' '1' a 1 [1 2 3]")]
    [InlineData("{{indent 2 \"a\\n\\nb\"}}|{{nindent 2 \"a\"}}", "  a\n  \n  b|\n  a")]
    [InlineData("{{nospace \" a b \"}}{{initials \"First Try\"}}{{wrap 5 \"aaa bbb ccc\"}}|{{wrapWith 3 \"-\" \"abcdefg\"}}", "abFTaaa\nbbb\nccc|abc-def-g")]
    [InlineData("{{plural \"one\" \"many\" 1}}{{plural \"one\" \"many\" 2}}{{swapcase \"aBc\"}}", "onemanyAbC")]
    [InlineData("{{snakecase \"FirstName\"}} {{kebabcase \"FirstName\"}} {{camelcase \"http_server\"}} {{snakecase \"HTTPServer\"}}", "first_name first-name HttpServer http_server")]
    public void Texts(string template, string expected) => Assert.Equal(expected, Sample.Run(template, Sample.Sprig));

    [Theory]
    [InlineData("{{regexMatch \"^a+$\" \"aaa\"}}{{regexFind \"[a-z]+\" \"12ab34cd\"}}{{regexFindAll \"[0-9]\" \"1a2b3\" 2}}{{regexFindAll \"[0-9]\" \"1a2\" -1}}", "trueab[1 2][1 2]")]
    [InlineData("{{regexReplaceAll \"a(x*)b\" \"-ab-axxb-\" \"${1}W\"}} {{regexReplaceAllLiteral \"a(x*)b\" \"-ab-axxb-\" \"${1}\"}}", "-W-xxW- -${1}-${1}-")]
    [InlineData("{{regexSplit \"z+\" \"pizza\" -1}}{{regexSplit \",\" \"a,b,c\" 2}}{{len (regexSplit \",\" \"a\" 0)}}{{regexSplit \"\" \"abc\" -1}}", "[pi a][a b,c]0[a b c]")]
    [InlineData("{{regexQuoteMeta \"1.2+3\"}}{{mustRegexFind \"b\" \"abc\"}}{{regexMatch \"(\" \"a\"}}", "1\\.2\\+3bfalse")]
    [InlineData("{{mustRegexMatch \"(\" \"a\"}}", "! error calling mustRegexMatch: error parsing regexp: missing closing ): `(`")]
    [InlineData("{{regexFind \"(\" \"a\"}}", "! error calling regexFind: regexp: Compile(`(`): error parsing regexp: missing closing ): `(`")]
    public void Patterns(string template, string expected) => Assert.Equal(expected, Sample.Run(template, Sample.Sprig));

    [Theory]
    [InlineData("{{join \"-\" .l}}{{join \",\" .la}}{{join \",\" \"a\"}}{{splitList \",\" \"a,b\"}}{{(split \"$\" \"a$b\")._1}}{{splitn \"$\" 2 \"a$b$c\"}}", "1-2-31,a,2.5,truea[a b]bmap[_0:a _1:b$c]")]
    [InlineData("{{sortAlpha .ls}}{{toStrings .l}}{{printf \"%T\" (toStrings .l)}}", "[a b][1 2 3][]string")]
    [InlineData("{{default \"d\" \"\"}}{{\"v\" | default \"d\"}}{{default 1 nil}}{{empty .e}}{{empty .l}}{{coalesce 0 \"\" \"a\" \"b\"}}", "dv1truefalsea")]
    [InlineData("{{all 1 \"a\" true}}{{all 1 0}}{{any 0 1}}{{any}}{{ternary \"a\" \"b\" true}}{{false | ternary \"a\" \"b\"}}", "truefalsetruefalseab")]
    [InlineData("{{fail \"no good\"}}", "! error calling fail: no good")]
    [InlineData("{{list 1 \"a\" nil}}{{first .l}}{{last .l}}{{rest .l}}{{initial .l}}{{first (list)}}", "[1 a <nil>]13[2 3][1 2]<no value>")]
    [InlineData("{{append .l 4}}{{prepend .l 0}}{{concat .l (list \"a\")}}{{reverse .l}}{{uniq (list 1 1 \"a\" \"a\" 2)}}{{compact (list 1 0 \"\" \"a\" nil)}}", "[1 2 3 4][0 1 2 3][1 2 3 a][3 2 1][1 a 2][1 a]")]
    [InlineData("{{without .l 1 3}}{{has 2 .l}}{{has 4 .l}}{{has \"2\" .l}}{{slice .l 1}}{{slice .l 1 2}}{{slice .l}}{{chunk 2 .l}}", "[2]truefalsefalse[2 3][2][1 2 3][[1 2] [3]]")]
    [InlineData("{{until 3}}{{until -3}}{{untilStep 3 9 2}}{{untilStep 5 0 -2}}{{untilStep 0 5 0}}{{printf \"%T\" (until 1)}}", "[0 1 2][0 -1 -2][3 5 7][5 3 1][][]int")]
    [InlineData("{{seq 3}}|{{seq -1}}|{{seq 2 4}}|{{seq 0 2 6}}|{{seq 5 3}}|{{seq 5 1 3}}|{{seq}}", "1 2 3|1 0 -1|2 3 4|0 2 4 6|5 4 3||")]
    [InlineData("{{first \"a\"}}", "! error calling first: Cannot find first on type string")]
    [InlineData("{{mustRest 1}}", "! error calling mustRest: Cannot find rest on type int")]
    [InlineData("{{append 1 1}}", "! error calling append: Cannot push on type int")]
    [InlineData("{{slice .l 2 9}}", "! error calling slice: reflect.Value.Slice: slice index out of bounds")]
    [InlineData("{{concat .l 1}}", "! error calling concat: Cannot concat type int as list")]
    public void Lists(string template, string expected) => Assert.Equal(expected, Sample.Run(template, Sample.Sprig));

    [Theory]
    [InlineData("{{dict \"a\" 1 \"b\"}}{{$d := dict \"a\" 1}}{{get $d \"a\"}}{{get $d \"z\"}}|{{$_ := set $d \"b\" 2}}{{$d}}{{$_ := unset $d \"a\"}}{{$d}}{{hasKey $d \"b\"}}", "map[a:1 b:]1|map[a:1 b:2]map[b:2]true")]
    [InlineData("{{$d := dict \"b\" 1 \"a\" 2}}{{keys $d | sortAlpha}}{{values (dict \"a\" 5)}}{{pick $d \"a\" \"z\"}}{{omit $d \"a\"}}{{pluck \"a\" $d (dict) (dict \"a\" 3)}}", "[a b][5]map[a:2]map[b:1][2 3]")]
    [InlineData("{{$d := dict \"a\" 1 \"m\" (dict \"x\" 1)}}{{$_ := merge $d (dict \"a\" 2 \"b\" 2 \"m\" (dict \"x\" 2 \"y\" 3))}}{{$d}}", "map[a:1 b:2 m:map[x:1 y:3]]")]
    [InlineData("{{mergeOverwrite (dict \"a\" 1 \"m\" (dict \"x\" 1 \"z\" 9)) (dict \"a\" 2 \"m\" (dict \"x\" 2)) (dict \"a\" 3)}}", "map[a:3 m:map[x:2 z:9]]")]
    [InlineData("{{$d := dict \"m\" (dict \"x\" 1)}}{{$c := deepCopy $d}}{{$_ := set $c.m \"x\" 2}}{{$d}}{{$c}}", "map[m:map[x:1]]map[m:map[x:2]]")]
    [InlineData("{{$d := dict \"a\" (dict \"b\" 1)}}{{dig \"a\" \"b\" \"no\" $d}}{{dig \"a\" \"z\" \"no\" $d}}{{dig \"z\" \"b\" \"no\" $d}}", "1nono")]
    [InlineData("{{dig \"a\" 1}}", "! error calling dig: dig needs at least three arguments")]
    [InlineData("{{dig \"a\" \"b\" \"no\" (dict \"a\" \"text\")}}", "! error calling dig: interface conversion: interface {} is string, not map[string]interface {}")]
    public void Dicts(string template, string expected) => Assert.Equal(expected, Sample.Run(template, Sample.Sprig));

    [Theory]
    [InlineData("{{add 1 \"2\" 3.9}} {{add1 \"4\"}} {{sub 5 3}} {{mul 2 \"3\" 4}} {{div 7 2}} {{mod 7 4}} {{add \"x\" 1}} {{printf \"%T\" (add 1)}}", "6 5 2 24 3 3 1 int64")]
    [InlineData("{{div 1 0}}", "! error calling div: runtime error: integer divide by zero")]
    [InlineData("{{addf 0.1 0.2}} {{subf 1 0.9}} {{mulf 1.1 3}} {{divf 1 3}} {{max 1 3 2}} {{min 3 1}} {{maxf 1 1.5}} {{minf 2 0.5}}", "0.3 0.1 3.3 0.3333333333333333 3 1 1.5 0.5")]
    [InlineData("{{ceil 1.2}} {{floor 1.8}} {{round 3.14159 2}} {{round 2.5 0}} {{round 3.45 1 0.9}} {{int \"7\"}} {{int64 7.9}} {{float64 \"1.5\"}} {{atoi \"12\"}}{{atoi \"x\"}} {{toDecimal \"777\"}}", "2 1 3.14 3 3.4 7 7 1.5 120 511")]
    [InlineData("{{int \"0x10\"}} {{int \"3.0\"}} {{int true}} {{int nil}} {{printf \"%.0f\" 1e6}} {{int 1e6}}", "16 3 1 0 1000000 1000000")]
    [InlineData("{{kindOf .l}} {{kindOf .nil}} {{kindIs \"map\" .m}} {{typeOf \"a\"}} {{typeIs \"int\" 1}} {{typeOf .la}} {{deepEqual (list 1) (list 1)}} {{deepEqual 1 1.0}} {{toString 1}} {{toString nil}}", "slice invalid true string true []interface {} true false 1 <nil>")]
    [InlineData("{{typeIsLike \"semver.Version\" (semver \"1.2.3\")}}{{typeIsLike \"*semver.Version\" (semver \"1.2.3\")}}{{typeIs \"semver.Version\" (semver \"1.2.3\")}}", "truetruefalse")]
    public void Numbers_and_types(string template, string expected) => Assert.Equal(expected, Sample.Run(template, Sample.Sprig));

    [Theory]
    [InlineData("{{b64enc \"hé\"}} {{b64dec \"aMOp\"}} {{b64dec \"a\"}} {{b32enc \"hello\"}} {{b32dec \"NBSWY3DP\"}} {{b32enc \"a\"}} {{b32dec \"ME======\"}}", "aMOp hé illegal base64 data at input byte 0 NBSWY3DP hello ME====== a")]
    [InlineData("{{sha1sum \"a\"}} {{adler32sum \"Wikipedia\"}}", "86f7e437faa5a7fce15d1ddcb9eaeaea377667b8 300286872")]
    [InlineData("{{sha256sum \"\"}}", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData("{{sha512sum \"\" | trunc 16}}", "cf83e1357eefb8bd")]
    [InlineData("{{toJson .m}} {{toJson \"<\"}} {{toRawJson \"<\"}} {{(fromJson \"{\\\"a\\\":[1]}\").a}} {{fromJson \"{\"}}", "{\"a\":1,\"b\":2} \"\\u003c\" \"<\" [1] <no value>")]
    [InlineData("{{toPrettyJson .m}}", "{\n  \"a\": 1,\n  \"b\": 2\n}")]
    [InlineData("{{mustFromJson \"{\"}}", "! error calling mustFromJson: unexpected end of JSON input")]
    [InlineData("{{base \"/a/b.txt\"}} {{dir \"/a/b\"}} {{ext \"a.tar.gz\"}} {{clean \"/a/../b/./c\"}} {{isAbs \"/a\"}}{{isAbs \"a\"}} {{base \"\"}} {{base \"/\"}} {{dir \"a\"}} {{clean \"../a\"}} {{osBase \"/x/y\"}}", "b.txt /a .gz /b/c truefalse . / . ../a y")]
    [InlineData("{{(urlParse \"http://u:p@h.com:80/a%20b?q=1#f\")}}", "map[fragment:f host:h.com:80 hostname:h.com opaque: path:/a b query:q=1 scheme:http userinfo:u:p]")]
    [InlineData("{{urlJoin (urlParse \"http://u@h.com:80/a%20b?q=1#f\")}} {{urlJoin (dict \"scheme\" \"http\" \"host\" \"host:80\" \"path\" \"/path\" \"query\" \"query\" \"fragment\" \"fragment\")}}", "http://u@h.com:80/a%20b?q=1#f http://host:80/path?query#fragment")]
    public void Encodings_and_paths(string template, string expected) => Assert.Equal(expected, Sample.Run(template, Sample.Sprig));

    [Theory]
    [InlineData("{{semver \"v1.2.3-alpha.1+123\"}} {{$v := semver \"1.2.3-rc+b\"}}{{$v.Major}} {{$v.Minor}} {{$v.Patch}} {{$v.Prerelease}} {{$v.Metadata}} {{$v.Original}} {{semver \"1.4\"}}", "1.2.3-alpha.1+123 1 2 3 rc b 1.2.3-rc+b 1.4.0")]
    [InlineData("{{(semver \"1.2.3\").Compare (semver \"1.10.0\")}}", "-1")]
    [InlineData("{{semver \"x\"}}", "! error calling semver: Invalid Semantic Version")]
    [InlineData("{{semverCompare \"nope\" \"1.2.3\"}}", "! error calling semverCompare: improper constraint: nope")]
    [InlineData("{{semverCompare \">1\" \"x\"}}", "! error calling semverCompare: Invalid Semantic Version")]
    public void Versions(string template, string expected) => Assert.Equal(expected, Sample.Run(template, Sample.Sprig));

    [Theory]
    [InlineData("1.2.3", "1.2.3", true)]
    [InlineData("=1.2.3", "v1.2.3", true)]
    [InlineData("!=1.2.3", "1.2.3", false)]
    [InlineData("!=1.x", "1.9.0", false)]
    [InlineData("!=1.2.x", "1.3.0", true)]
    [InlineData(">1.2", "1.2.9", false)]
    [InlineData(">1.2", "1.3.0", true)]
    [InlineData(">1", "1.9.9", false)]
    [InlineData("<1.2", "1.1.9", true)]
    [InlineData(">=1.2.0", "1.2.0", true)]
    [InlineData("<=1.2", "1.2.9", true)]
    [InlineData("<=1", "2.0.0", false)]
    [InlineData("~1.2.3", "1.2.9", true)]
    [InlineData("~1.2.3", "1.3.0", false)]
    [InlineData("~1", "1.9.0", true)]
    [InlineData("^1.2.3", "1.9.0", true)]
    [InlineData("^1.2.3", "2.0.0", false)]
    [InlineData("^0.2.3", "0.2.9", true)]
    [InlineData("^0.2.3", "0.3.0", false)]
    [InlineData("^0.0.3", "0.0.4", false)]
    [InlineData("^0", "0.9.0", true)]
    [InlineData("1.2.x", "1.2.7", true)]
    [InlineData("1.2.x", "1.3.0", false)]
    [InlineData("*", "7.0.0", true)]
    [InlineData("1.2 - 2.3.5", "2.3.5", true)]
    [InlineData("1.2 - 2.3.5", "2.4.0", false)]
    [InlineData(">=1.2, <2", "1.9.0", true)]
    [InlineData(">=1.2 <2", "2.0.0", false)]
    [InlineData("<1 || >= 2", "2.1.0", true)]
    [InlineData("<1 || >= 2", "1.5.0", false)]
    [InlineData(">=1.22.0", "1.23.0-gke.1", false)]
    [InlineData(">=1.22.0-0", "1.23.0-gke.1", true)]
    [InlineData(">=1.22-0", "v1.29.3-eks-abc", true)]
    public void Constraints(string constraint, string version, bool expected)
    {
        Assert.Equal(expected ? "true" : "false", Sample.Run($"{{{{semverCompare \"{constraint}\" \"{version}\"}}}}", Sample.Sprig));
    }

    [Theory]
    [InlineData("{{now | date \"2006-01-02\"}} {{htmlDate 0}} {{unixEpoch now}} {{duration 95}} {{duration (int64 95)}} {{duration \"60\"}} {{ago (now | dateModify \"-1h30m\")}}", "2024-02-29 1970-01-01 1709211845 0s 1m35s 1m0s 1h30m0s")]
    [InlineData("{{dateInZone \"15:04 MST\" now \"UTC\"}} {{now}} {{now | date_modify \"24h\" | date \"Jan 2\"}}", "13:04 UTC 2024-02-29 13:04:05 +0000 UTC Mar 1")]
    [InlineData("{{toDate \"2006-01-02\" \"2024-02-30\" | date \"2006-01-02\"}} {{mustToDate \"2006-01-02T15:04:05Z07:00\" \"2024-01-01T01:00:00+02:00\"}}", "0001-01-01 2024-01-01 01:00:00 +0200 +0200")]
    [InlineData("{{mustToDate \"2006-01-02T15:04:05Z07:00\" \"2024-01-01T01:00:00+02:00\" | date \"2006-01-02 15:04 MST\"}}", "2023-12-31 23:00 UTC")]
    [InlineData("{{mustToDate \"2006-01-02T15:04:05Z07:00\" \"2024-01-01T01:00:00+02:00\" | htmlDate}}", "2023-12-31")]
    [InlineData("{{toDate \"15:04\" \"13:05\"}}", "! error calling toDate: time: year outside of range [1,9999]")]
    [InlineData("{{mustDateModify \"x\" now}}", "! error calling mustDateModify: time: invalid duration \"x\"")]
    [InlineData("{{env \"SET\"}} {{expandenv \"a $SET ${HOME}/x $ $NONE.\"}}", "value a value /root/x $ .")]
    [InlineData("{{len (randAlphaNum 5)}}{{len (randAscii 3)}}{{randNumeric 2}} {{randInt 10 20}} {{len (b64dec (randBytes 4))}} {{uuidv4}}", "5355 15 12 80808080-8080-4080-8080-808080808080")]
    [InlineData("{{len (shuffle \"abc\")}}", "3")]
    public void Outside(string template, string expected)
    {
        // Bytes of 0x80 are no UTF-8: each is decoded as a character of three bytes.
        Assert.Equal(expected, Sample.Run(template, Sample.Sprig));
    }

    [Theory]
    [InlineData("now")]
    [InlineData("env")]
    [InlineData("randAlpha")]
    [InlineData("uuidv4")]
    [InlineData("genCA")]
    [InlineData("shuffle")]
    public void What_is_not_hermetic_is_absent_from_the_hermetic_ones(string name)
    {
        TemplateFunctions hermetic = new TemplateFunctions().AddHermeticSprig();
        Assert.DoesNotContain("sprig_" + name, hermetic.Names);
        Assert.DoesNotContain(name, new TemplateFunctions().AddSprig(new FunctionHost()).Names);
        Assert.Contains("sprig_upper", hermetic.Names);
    }
}
