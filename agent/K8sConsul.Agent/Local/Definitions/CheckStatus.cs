namespace K8sConsul.Agent.Local.Definitions;

/// <summary>The status of a check, from good to bad.</summary>
public enum CheckStatus
{
    Passing,
    Warning,
    Critical,
}

/// <summary>The words that the API uses for a status.</summary>
public static class CheckStatusText
{
    public static string Text(this CheckStatus status) => status switch
    {
        CheckStatus.Passing => "passing",
        CheckStatus.Warning => "warning",
        CheckStatus.Critical => "critical",
        _ => throw new System.Diagnostics.UnreachableException($"no such status: {(int)status}"),
    };

    /// <summary>Exactly the three words; the API knows no other spelling.</summary>
    public static bool TryParse(string? text, out CheckStatus status)
    {
        (status, bool known) = text switch
        {
            "passing" => (CheckStatus.Passing, true),
            "warning" => (CheckStatus.Warning, true),
            "critical" => (CheckStatus.Critical, true),
            _ => (CheckStatus.Critical, false),
        };
        return known;
    }
}
