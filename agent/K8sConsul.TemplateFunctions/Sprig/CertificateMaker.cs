using System.Net;
using System.Numerics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace K8sConsul.Template.Functions;

/// <summary>Certificates for servers and clients, and those that sign them, as Sprig makes them.</summary>
/// <param name="clock">From when they are valid.</param>
/// <param name="random">For serial numbers.</param>
internal sealed class CertificateMaker(Func<DateTimeOffset> clock, Func<int, int> random)
{
    private const int SerialBytes = 16;
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    public PemCertificate SelfSigned(string name, IReadOnlyList<IPAddress> addresses, IReadOnlyList<string> hosts, nint days, AsymmetricAlgorithm key, bool isAuthority)
    {
        CertificateRequest request = Request(name, addresses, hosts, key, isAuthority);
        return Sign(request, request.SubjectName, key, key, days);
    }

    public PemCertificate Signed(
        string name, IReadOnlyList<IPAddress> addresses, IReadOnlyList<string> hosts, nint days, PemCertificate authority, AsymmetricAlgorithm key)
    {
        using X509Certificate2 issuer = PemReader.Certificate(authority.Cert);
        using AsymmetricAlgorithm issuerKey = PemReader.Key(authority.Key);
        CertificateRequest request = Request(name, addresses, hosts, key, isAuthority: false);
        if (issuer.Extensions.OfType<X509SubjectKeyIdentifierExtension>().FirstOrDefault() is { } identifier)
        {
            request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromSubjectKeyIdentifier(identifier));
        }

        return Sign(request, issuer.SubjectName, issuerKey, key, days);
    }

    private static CertificateRequest Request(
        string name, IReadOnlyList<IPAddress> addresses, IReadOnlyList<string> hosts, AsymmetricAlgorithm key, bool isAuthority)
    {
        var subject = new X500DistinguishedNameBuilder();
        subject.AddCommonName(name);
        CertificateRequest request = key is RSA rsa
            ? new CertificateRequest(subject.Build(), rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            : new CertificateRequest(subject.Build(), (ECDsa)key, HashAlgorithmName.SHA256);
        X509KeyUsageFlags usage = X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyEncipherment
            | (isAuthority ? X509KeyUsageFlags.KeyCertSign : X509KeyUsageFlags.None);
        request.CertificateExtensions.Add(new X509KeyUsageExtension(usage, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(ServerAuthentication), new Oid(ClientAuthentication)], critical: false));
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(isAuthority, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
        if (isAuthority)
        {
            request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        }

        if (addresses.Count + hosts.Count > 0)
        {
            var names = new SubjectAlternativeNameBuilder();
            hosts.ToList().ForEach(names.AddDnsName);
            addresses.ToList().ForEach(names.AddIpAddress);
            request.CertificateExtensions.Add(names.Build());
        }

        return request;
    }

    private PemCertificate Sign(CertificateRequest request, X500DistinguishedName issuer, AsymmetricAlgorithm issuerKey, AsymmetricAlgorithm key, nint days)
    {
        X509SignatureGenerator generator = issuerKey is RSA rsa
            ? X509SignatureGenerator.CreateForRSA(rsa, RSASignaturePadding.Pkcs1)
            : X509SignatureGenerator.CreateForECDsa((ECDsa)issuerKey);
        DateTimeOffset from = clock();
        TimeSpan left = DateTimeOffset.MaxValue - from;
        if (days < 0 || days >= left.TotalDays)
        {
            throw new TemplateFunctionException($"a certificate cannot be valid for {days} days");
        }

        using X509Certificate2 certificate = request.Create(issuer, generator, from, from.AddDays(days), Serial());
        return new PemCertificate(certificate.ExportCertificatePem() + "\n", PemReader.Print(key));
    }

    /// <summary>Positive, and not zero.</summary>
    private byte[] Serial()
    {
        byte[] bytes = new byte[SerialBytes];
        for (int i = 0; i < bytes.Length; i++)
        {
            bytes[i] = (byte)random(256);
        }

        BigInteger number = new BigInteger(bytes, isUnsigned: true, isBigEndian: true) + 1;
        return number.ToByteArray(isUnsigned: false, isBigEndian: true);
    }
}
