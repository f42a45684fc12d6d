using System.Diagnostics;
using System.Security.Cryptography;

namespace K8sConsul.Template.Functions;

/// <summary>Private keys of the machine's own chance, for a <see cref="FunctionHost"/>.</summary>
public static class PrivateKeys
{
    public static AsymmetricAlgorithm Create(PrivateKeyKind kind) => kind switch
    {
        PrivateKeyKind.Rsa2048 => RSA.Create(2048),
        PrivateKeyKind.Rsa4096 => RSA.Create(4096),
        PrivateKeyKind.Ecdsa => ECDsa.Create(ECCurve.NamedCurves.nistP256),
        _ => throw new UnreachableException(),
    };
}
