namespace K8sConsul.TemplateRunner.Configuration;

/// <summary>A token or password. It does not print itself, so that no log shows it by accident.</summary>
public readonly record struct Secret(string Value)
{
    public static Secret None { get; } = new(string.Empty);

    public bool IsEmpty => string.IsNullOrEmpty(Value);

    public override string ToString()
    {
        return IsEmpty ? string.Empty : "(hidden)";
    }
}
