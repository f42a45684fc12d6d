using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace K8sConsul.Template.Functions.Tests;

/// <summary>Keys and certificates, read back with .NET's own eyes.</summary>
public sealed class SprigCertificateTests
{
    private static readonly TemplateFunctions s_functions = new TemplateFunctions().AddSprig(Sample.Host with { PrivateKey = PrivateKeys.Create });

    [Fact]
    public void A_signed_certificate_leads_to_its_authority()
    {
        string[] parts = Run(
            "{{ $ca := genCA \"my ca\" 10 }}{{ $c := genSignedCert \"web\" (list \"10.0.0.1\" \"::1\") (list \"a.example\" \"*.b.example\") 5 $ca }}"
            + "{{ $ca.Cert }}|{{ $ca.Key }}|{{ $c.Cert }}|{{ $c.Key }}").Split('|');
        using X509Certificate2 authority = X509Certificate2.CreateFromPem(parts[0], parts[1]);
        using X509Certificate2 certificate = X509Certificate2.CreateFromPem(parts[2], parts[3]);
        Assert.Equal("CN=my ca", authority.Subject);
        Assert.Equal("CN=web", certificate.Subject);
        Assert.Equal("CN=my ca", certificate.Issuer);
        Assert.Equal(Sample.Now.UtcDateTime, certificate.NotBefore.ToUniversalTime());
        Assert.Equal(Sample.Now.UtcDateTime.AddDays(5), certificate.NotAfter.ToUniversalTime());
        X509SubjectAlternativeNameExtension names = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().Single();
        Assert.Equal(["a.example", "*.b.example"], names.EnumerateDnsNames());
        Assert.Equal(["10.0.0.1", "::1"], names.EnumerateIPAddresses().Select(address => address.ToString()));
        Assert.True(authority.Extensions.OfType<X509BasicConstraintsExtension>().Single().CertificateAuthority);
        Assert.False(certificate.Extensions.OfType<X509BasicConstraintsExtension>().Single().CertificateAuthority);
        Assert.Equal(2048, certificate.GetRSAPublicKey()!.KeySize);
        Assert.True(Leads(certificate, authority));
        Assert.False(Leads(certificate, certificate));
    }

    [Fact]
    public void Keys_of_the_callers_own_are_used()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        foreach (string pem in new[] { key.ExportECPrivateKeyPem(), key.ExportPkcs8PrivateKeyPem() })
        {
            string[] parts = Run(
                "{{ $ca := genCAWithKey \"ca\" 10 `" + pem + "` }}{{ $c := genSignedCertWithKey \"x\" nil nil 1 $ca `" + pem + "` }}"
                + "{{ $ca.Cert }}|{{ $c.Cert }}|{{ $c.Key }}|{{ (genSelfSignedCertWithKey \"s\" nil (list \"h\") 1 `" + pem + "`).Cert }}").Split('|');
            using X509Certificate2 authority = X509Certificate2.CreateFromPem(parts[0]);
            using X509Certificate2 certificate = X509Certificate2.CreateFromPem(parts[1], parts[2]);
            using X509Certificate2 selfSigned = X509Certificate2.CreateFromPem(parts[3]);
            Assert.Equal(key.ExportSubjectPublicKeyInfo(), certificate.PublicKey.ExportSubjectPublicKeyInfo());
            Assert.StartsWith("-----BEGIN EC PRIVATE KEY-----", parts[2], StringComparison.Ordinal);
            Assert.True(Leads(certificate, authority));
            Assert.Equal("CN=s", selfSigned.Issuer);
        }
    }

    [Fact]
    public void A_certificate_of_ones_own_is_taken_as_it_is()
    {
        string answer = Run("{{ $c := genSelfSignedCert \"x\" nil nil 1 }}{{ $own := buildCustomCert (b64enc $c.Cert) (b64enc $c.Key) }}{{ eq $own.Cert $c.Cert }}{{ eq $own.Key $c.Key }}");
        Assert.Equal("truetrue", answer);
        Assert.Equal(
            "! error calling buildCustomCert: unable to decode key",
            Run("{{ $c := genSelfSignedCert \"x\" nil nil 1 }}{{ buildCustomCert (b64enc $c.Cert) (b64enc \"key\") }}"));
    }

    [Theory]
    [InlineData("{{ genPrivateKey \"dsa\" }}", "! error calling genPrivateKey: private keys of type dsa are not supported here")]
    [InlineData("{{ genPrivateKey \"ed25519\" }}", "! error calling genPrivateKey: private keys of type ed25519 are not supported here")]
    [InlineData("{{ genCAWithKey \"x\" 1 \"no key\" }}", "! error calling genCAWithKey: no PEM data in input")]
    [InlineData("{{ genCA \"x\" 99999999 }}", "! error calling genCA: a certificate cannot be valid for 99999999 days")]
    public void Refusals(string template, string expected) => Assert.Equal(expected, Run(template));

    [Fact]
    public void Without_keys_of_the_host_there_are_none()
    {
        Assert.DoesNotContain("genCA", Sample.Sprig.Names);
        Assert.DoesNotContain("genPrivateKey", Sample.Sprig.Names);
        Assert.Contains("genSignedCertWithKey", s_functions.Names);
    }

    private static bool Leads(X509Certificate2 certificate, X509Certificate2 authority)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.VerificationTime = Sample.Now.UtcDateTime.AddHours(1);
        return chain.Build(certificate);
    }

    private static string Run(string template) => Sample.Run(template, s_functions);
}
