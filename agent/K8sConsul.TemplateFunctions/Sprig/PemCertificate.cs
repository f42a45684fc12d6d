namespace K8sConsul.Template.Functions;

/// <summary>A certificate and its private key as templates see them.</summary>
/// <param name="cert">PEM.</param>
/// <param name="key">PEM.</param>
internal sealed class PemCertificate(string cert, string key) : ITemplateObject
{
    public static GoType GoType { get; } = GoType.Struct("sprig.certificate");

    public string Cert { get; } = cert;

    public string Key { get; } = key;

    public GoType Type => GoType;

    public IReadOnlyList<string> FieldNames { get; } = ["Cert", "Key"];

    public bool TryGetField(string name, out object? value)
    {
        value = name switch
        {
            "Cert" => Cert,
            "Key" => Key,
            _ => null,
        };
        return value is not null;
    }
}
