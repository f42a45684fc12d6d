using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace K8sConsul.Contracts.Client.Transport;

/// <summary>Whom a client trusts and what it shows of itself.</summary>
internal sealed class ClientTls
{
    /// <summary>PEM files of certificates and keys are a few kilobytes.</summary>
    private const int PemBytesMax = 4 * 1024 * 1024;

    private readonly ConsulClientOptions _options;

    /// <summary>Null trusts the system's authorities.</summary>
    private readonly X509Certificate2Collection? _authorities;

    private readonly X509Certificate2? _certificate;

    private ClientTls(ConsulClientOptions options, X509Certificate2Collection? authorities, X509Certificate2? certificate)
    {
        _options = options;
        _authorities = authorities;
        _certificate = certificate;
    }

    public static bool IsWanted(ConsulClientOptions options)
    {
        return options.CaPem.Length > 0 || options.CaFile.Length > 0 || options.CaPath.Length > 0 || options.ClientCertFile.Length > 0
            || options.ClientKeyFile.Length > 0;
    }

    /// <summary>Reads the files of the options. They are read, and refused, for plain HTTP too.</summary>
    public static ClientTls? TryLoad(ConsulClientOptions options, out string error)
    {
        X509Certificate2? certificate = null;
        error = string.Empty;
        if (options.ClientCertFile.Length > 0 && options.ClientKeyFile.Length > 0)
        {
            certificate = LoadPair(options, out error);
        }
        else if (options.ClientCertFile.Length > 0 || options.ClientKeyFile.Length > 0)
        {
            error = "both client cert and client key must be provided";
        }

        if (error.Length > 0)
        {
            return null;
        }

        X509Certificate2Collection? authorities = LoadAuthorities(options, out error);
        return error.Length > 0 ? null : new ClientTls(options, authorities, certificate);
    }

    public static string Explain(AuthenticationException failure)
    {
        // SslStream has no code for this; a plain HTTP server's answer is no TLS record.
        return failure.Message.Contains("frame", StringComparison.Ordinal)
            ? "http: server gave HTTP response to HTTPS client"
            : $"remote error: tls: {failure.InnerException?.Message ?? failure.Message}";
    }

    public SslClientAuthenticationOptions ToOptions(string host)
    {
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = _options.TlsServerName.Length > 0 ? _options.TlsServerName : host,
        };
        if (_certificate is not null)
        {
            options.ClientCertificates = [_certificate];
        }

        if (_authorities is not null)
        {
            options.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            options.CertificateChainPolicy.CustomTrustStore.AddRange(_authorities);
        }

        string name = options.TargetHost;
        options.RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
            errors == SslPolicyErrors.None || _options.SkipTlsVerification
                ? true
                : throw new CertificateRefusedException(Reason(name, certificate as X509Certificate2, chain, errors));
        return options;
    }

    private static string Reason(string name, X509Certificate2? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is null)
        {
            return "tls: server sent no certificate";
        }

        foreach (X509ChainStatus status in chain?.ChainStatus ?? [])
        {
            if (status.Status.HasFlag(X509ChainStatusFlags.NotTimeValid))
            {
                return "x509: certificate has expired or is not yet valid";
            }
        }

        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors))
        {
            return "x509: certificate signed by unknown authority";
        }

        bool isIp = IPAddress.TryParse(name, out _);
        List<string> valid = [];
        foreach (X509Extension extension in certificate.Extensions)
        {
            if (extension is X509SubjectAlternativeNameExtension names)
            {
                valid.AddRange(isIp ? names.EnumerateIPAddresses().Select(address => address.ToString()) : names.EnumerateDnsNames());
            }
        }

        return valid.Count == 0
            ? isIp
                ? $"x509: cannot validate certificate for {name} because it doesn't contain any IP SANs"
                : $"x509: certificate is not valid for any names, but wanted to match {name}"
            : $"x509: certificate is valid for {string.Join(", ", valid)}, not {name}";
    }

    private static X509Certificate2? LoadPair(ConsulClientOptions options, out string error)
    {
        byte[]? certificate = GoFile.TryReadAll(options.ClientCertFile, PemBytesMax, out error);
        byte[]? key = certificate is null ? null : GoFile.TryReadAll(options.ClientKeyFile, PemBytesMax, out error);
        if (certificate is null || key is null)
        {
            return null;
        }

        try
        {
            return X509Certificate2.CreateFromPem(
                System.Text.Encoding.UTF8.GetString(certificate), System.Text.Encoding.UTF8.GetString(key));
        }
        catch (Exception failure) when (failure is CryptographicException or ArgumentException)
        {
            // Go tells a dozen mistakes apart here; the first is by far the usual one.
            error = "tls: failed to find any PEM data in certificate input";
            return null;
        }
    }

    private static X509Certificate2Collection? LoadAuthorities(ConsulClientOptions options, out string error)
    {
        var authorities = new X509Certificate2Collection();
        if (options.CaPem.Length > 0)
        {
            return Import(options.CaPem, "Error loading CA PEM", "the given text", authorities, out error) ? authorities : null;
        }

        if (options.CaFile.Length > 0)
        {
            return LoadFile(options.CaFile, "Error loading CA File", authorities, out error) ? authorities : null;
        }

        error = string.Empty;
        if (options.CaPath.Length == 0)
        {
            return null;
        }

        foreach (string file in FilesOf(options.CaPath))
        {
            if (!LoadFile(file, "Error loading CA Path", authorities, out error))
            {
                return null;
            }
        }

        if (!Path.Exists(options.CaPath))
        {
            error = $"lstat {options.CaPath}: no such file or directory";
            return null;
        }

        return authorities;
    }

    /// <summary>Go walks the path, which may also be a single file.</summary>
    private static string[] FilesOf(string path)
    {
        if (!Directory.Exists(path))
        {
            return File.Exists(path) ? [path] : [];
        }

        string[] files = Directory.GetFiles(path, "*", SearchOption.AllDirectories);
        Array.Sort(files, StringComparer.Ordinal);
        return files;
    }

    private static bool LoadFile(string path, string failed, X509Certificate2Collection target, out string error)
    {
        byte[]? pem = GoFile.TryReadAll(path, PemBytesMax, out error);
        if (pem is null)
        {
            error = $"{failed}: {error}";
            return false;
        }

        return Import(System.Text.Encoding.UTF8.GetString(pem), failed, path, target, out error);
    }

    private static bool Import(string pem, string failed, string origin, X509Certificate2Collection target, out string error)
    {
        int before = target.Count;
        try
        {
            target.ImportFromPem(pem);
        }
        catch (CryptographicException)
        {
            // What cannot be read counts as absent, as in Go; nothing readable at all is refused below.
        }

        error = target.Count > before ? string.Empty : $"{failed}: Couldn't parse PEM in: {origin}";
        return error.Length == 0;
    }
}

/// <summary>The server's certificate is not acceptable; the message is Go's.</summary>
internal sealed class CertificateRefusedException(string message) : AuthenticationException(message);
