namespace K8sConsul.Template.Functions;

/// <summary>Sprig v3: the functions that Helm charts use, and consul-template with the prefix <c>sprig_</c>.</summary>
public static class SprigFunctions
{
    /// <summary>Adds those whose answer depends on their arguments only, and no others: what consul-template offers.</summary>
    public static TemplateFunctions AddHermeticSprig(this TemplateFunctions functions, string prefix = "sprig_")
    {
        ArgumentNullException.ThrowIfNull(functions);
        return functions.AddAll(Hermetic(), prefix);
    }

    /// <summary>Adds all, those that ask the outside as far as the host answers.</summary>
    public static TemplateFunctions AddSprig(this TemplateFunctions functions, FunctionHost host, string prefix = "")
    {
        ArgumentNullException.ThrowIfNull(functions);
        ArgumentNullException.ThrowIfNull(host);
        TemplateFunctions all = Hermetic();
        SprigOutside.AddTo(all, host);
        SprigSecrets.AddTo(all, host);
        SprigCertificates.AddTo(all, host);
        return functions.AddAll(all, prefix);
    }

    private static TemplateFunctions Hermetic()
    {
        var functions = new TemplateFunctions();
        SprigTexts.AddTo(functions);
        SprigWords.AddTo(functions);
        SprigPatterns.AddTo(functions, new PatternCache());
        SprigDefaults.AddTo(functions);
        SprigLists.AddTo(functions);
        SprigDicts.AddTo(functions);
        SprigNumbers.AddTo(functions);
        SprigTypes.AddTo(functions);
        SprigEncodings.AddTo(functions);
        SprigPaths.AddTo(functions);
        SprigVersions.AddTo(functions);
        return functions;
    }
}
