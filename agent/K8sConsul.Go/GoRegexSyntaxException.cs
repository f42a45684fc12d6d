namespace K8sConsul.Go;

/// <summary>Leaves the translator's recursion; <see cref="GoRegex"/> turns it into a returned refusal.</summary>
internal sealed class GoRegexSyntaxException(string code, string part)
    : Exception($"error parsing regexp: {code}: `{part}`");
