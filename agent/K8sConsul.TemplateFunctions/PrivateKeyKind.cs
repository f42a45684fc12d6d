namespace K8sConsul.Template.Functions;

/// <summary>The private keys that Sprig makes.</summary>
public enum PrivateKeyKind
{
    /// <summary>Of certificates.</summary>
    Rsa2048,

    /// <summary><c>genPrivateKey "rsa"</c>.</summary>
    Rsa4096,

    /// <summary><c>genPrivateKey "ecdsa"</c>: the curve P-256.</summary>
    Ecdsa,
}
