using System.Collections.Concurrent;
using System.Security.Cryptography;
using K8sConsul.Template.Functions;

namespace K8sConsul.Helm.Rendering;

/// <summary>Private keys of which every render in this process gets the same, in the same order. They are made when first wanted.</summary>
internal static class RepeatableKeys
{
    private static readonly ConcurrentDictionary<(PrivateKeyKind Kind, int Number), Lazy<byte[]>> s_made = new();

    /// <summary>For one render.</summary>
    public static Func<PrivateKeyKind, AsymmetricAlgorithm> Create()
    {
        var counts = new Dictionary<PrivateKeyKind, int>();
        return kind =>
        {
            int number = counts[kind] = counts.GetValueOrDefault(kind) + 1;
            byte[] key = s_made.GetOrAdd((kind, number), made => new Lazy<byte[]>(() => Make(made.Kind))).Value;
            AsymmetricAlgorithm copy = kind == PrivateKeyKind.Ecdsa ? ECDsa.Create() : RSA.Create();
            copy.ImportPkcs8PrivateKey(key, out _);
            return copy;
        };
    }

    private static byte[] Make(PrivateKeyKind kind)
    {
        using AsymmetricAlgorithm key = PrivateKeys.Create(kind);
        return key.ExportPkcs8PrivateKey();
    }
}
