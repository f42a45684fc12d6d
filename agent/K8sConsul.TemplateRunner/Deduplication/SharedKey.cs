namespace K8sConsul.TemplateRunner.Deduplication;

/// <summary>Where a template's data is shared.</summary>
internal static class SharedKey
{
    /// <summary>Below the configured prefix, beside the keys of consul-template: its bodies have another form, and both may run at once.</summary>
    private const string OwnFolder = "k8sconsul-1";

    /// <summary>The number that marks locks of Go's client; kept so that tools show the keys as locks.</summary>
    public const ulong LockFlag = 3304740253564472344;

    public static string Of(string prefix, string templateId)
    {
        string folder = prefix.Trim('/');
        return $"{folder}{(folder.Length > 0 ? "/" : string.Empty)}{OwnFolder}/{templateId}/data";
    }
}
