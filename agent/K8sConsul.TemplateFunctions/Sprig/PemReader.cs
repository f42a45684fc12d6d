using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace K8sConsul.Template.Functions;

/// <summary>Certificates and private keys as PEM, in the forms that Go's libraries choose.</summary>
internal static class PemReader
{
    public static bool TryFind(string pem, out string label, out byte[] data)
    {
        label = "";
        data = [];
        if (!PemEncoding.TryFind(pem, out PemFields fields))
        {
            return false;
        }

        label = pem[fields.Label];
        data = Convert.FromBase64String(pem[fields.Base64Data]);
        return true;
    }

    /// <exception cref="TemplateFunctionException">It is none.</exception>
    public static X509Certificate2 Certificate(string pem)
    {
        if (!TryFind(pem, out _, out byte[] data))
        {
            throw new TemplateFunctionException("unable to decode certificate");
        }

        try
        {
            return X509CertificateLoader.LoadCertificate(data);
        }
        catch (CryptographicException refused)
        {
            throw new TemplateFunctionException($"error parsing certificate: decodedCert.Bytes: {refused.Message}", refused);
        }
    }

    /// <summary>RSA or ECDSA, in a form of its own or in PKCS #8.</summary>
    /// <exception cref="TemplateFunctionException">It is none.</exception>
    public static AsymmetricAlgorithm Key(string pem)
    {
        if (!TryFind(pem, out string label, out byte[] data))
        {
            throw new TemplateFunctionException("no PEM data in input");
        }

        try
        {
            return label switch
            {
                "RSA PRIVATE KEY" => Rsa(rsa => rsa.ImportRSAPrivateKey(data, out _)),
                "EC PRIVATE KEY" => Ecdsa(ecdsa => ecdsa.ImportECPrivateKey(data, out _)),
                "PRIVATE KEY" => Pkcs8(data),
                _ => throw new TemplateFunctionException($"no private key data in PEM block of type {label}"),
            };
        }
        catch (CryptographicException refused)
        {
            throw new TemplateFunctionException($"error parsing private key: {refused.Message}", refused);
        }
    }

    public static string Print(AsymmetricAlgorithm key)
    {
        return (key is RSA rsa ? rsa.ExportRSAPrivateKeyPem() : ((ECDsa)key).ExportECPrivateKeyPem()) + "\n";
    }

    /// <summary>The form says which algorithm it holds, but only the importers can read that.</summary>
    private static AsymmetricAlgorithm Pkcs8(byte[] data)
    {
        try
        {
            return Rsa(rsa => rsa.ImportPkcs8PrivateKey(data, out _));
        }
        catch (CryptographicException)
        {
            return Ecdsa(ecdsa => ecdsa.ImportPkcs8PrivateKey(data, out _));
        }
    }

    private static RSA Rsa(Action<RSA> import)
    {
        var rsa = RSA.Create();
        import(rsa);
        return rsa;
    }

    private static ECDsa Ecdsa(Action<ECDsa> import)
    {
        var ecdsa = ECDsa.Create();
        import(ecdsa);
        return ecdsa;
    }
}
