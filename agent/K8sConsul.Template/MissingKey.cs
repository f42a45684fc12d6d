namespace K8sConsul.Template;

/// <summary>What a map entry that is not there reads as: Go's option <c>missingkey</c>.</summary>
public enum MissingKey
{
    /// <summary>No value, also for what would be below it. Go's <c>default</c> and <c>invalid</c>.</summary>
    NoValue,

    /// <summary>The zero value of the map's element type; nil if that is any. Consul-template's and Helm's choice.</summary>
    Zero,

    /// <summary>An error.</summary>
    Error,
}
