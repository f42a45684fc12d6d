using System.ComponentModel;
using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace K8sConsul.Grpc.Net;

/// <summary>Client handshakes that fail with the texts of Go's <c>crypto/tls</c> and <c>crypto/x509</c>.</summary>
public static class TlsDialer
{
    /// <summary>Takes ownership of <paramref name="transport"/>; it is closed when the handshake fails.</summary>
    /// <param name="options">
    /// Its target host is the name to verify. A validation callback of its own decides alone; without one the platform's
    /// verdict decides.
    /// </param>
    /// <exception cref="TlsHandshakeException">The peer is refused, or is no TLS server.</exception>
    public static async ValueTask<SslStream> AuthenticateAsync(Stream transport, SslClientAuthenticationOptions options, CancellationToken stop)
    {
        SslStream stream = new(transport, leaveInnerStreamOpen: false);
        string? refusal = null;
        SslClientAuthenticationOptions watched = Copy(options);
        watched.RemoteCertificateValidationCallback = (sender, certificate, chain, errors) =>
        {
            bool accepted = options.RemoteCertificateValidationCallback?.Invoke(sender, certificate, chain, errors)
                ?? errors == SslPolicyErrors.None;
            if (!accepted)
            {
                refusal = Describe(options.TargetHost ?? "", certificate as X509Certificate2, chain, errors);
            }

            return accepted;
        };
        try
        {
            await stream.AuthenticateAsClientAsync(watched, stop).ConfigureAwait(false);
            return stream;
        }
        catch (Exception e) when (e is AuthenticationException or IOException or Win32Exception or InvalidOperationException)
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            throw new TlsHandshakeException(refusal ?? TransportText(e), e);
        }
        catch
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Go's reason for not trusting a certificate.</summary>
    internal static string Describe(string host, X509Certificate2? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is null || errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable))
        {
            return "tls: received empty certificates message";
        }

        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
        {
            return NameMismatch(host, certificate);
        }

        X509ChainStatusFlags flags = X509ChainStatusFlags.NoError;
        foreach (X509ChainStatus status in chain?.ChainStatus ?? [])
        {
            flags |= status.Status;
        }

        return flags.HasFlag(X509ChainStatusFlags.NotTimeValid)
            ? "x509: certificate has expired or is not yet valid"
            : "x509: certificate signed by unknown authority";
    }

    private static string NameMismatch(string host, X509Certificate2 certificate)
    {
        List<string> names = [];
        List<string> addresses = [];
        foreach (X509Extension extension in certificate.Extensions)
        {
            if (extension is X509SubjectAlternativeNameExtension san)
            {
                names.AddRange(san.EnumerateDnsNames());
                addresses.AddRange(san.EnumerateIPAddresses().Select(static a => a.ToString()));
            }
        }

        bool isAddress = IPAddress.TryParse(host, out _);
        if (isAddress && addresses.Count == 0)
        {
            return $"x509: cannot validate certificate for {host} because it doesn't contain any IP SANs";
        }

        if (!isAddress && names.Count == 0)
        {
            string commonName = certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false);
            return commonName.Length > 0
                ? $"x509: certificate is valid for {commonName}, not {host}"
                : $"x509: certificate is not valid for any names, but wanted to match {host}";
        }

        return string.Create(
            CultureInfo.InvariantCulture,
            $"x509: certificate is valid for {string.Join(", ", isAddress ? addresses : names)}, not {host}");
    }

    private static string TransportText(Exception error)
    {
        if (GoNetError.Find(error) is { } socket)
        {
            return $"read: {GoNetError.Text(socket)}";
        }

        // SslStream has no error code for either case, so its own words are the only mark.
        string message = error.Message;
        return message.Contains("frame", StringComparison.OrdinalIgnoreCase)
            ? "tls: first record does not look like a TLS handshake"
            : message.Contains("EOF", StringComparison.Ordinal) ? "EOF" : message;
    }

    internal static SslClientAuthenticationOptions Copy(SslClientAuthenticationOptions options) => new()
    {
        RemoteCertificateValidationCallback = options.RemoteCertificateValidationCallback,
        AllowRenegotiation = options.AllowRenegotiation,
        AllowTlsResume = options.AllowTlsResume,
        ApplicationProtocols = options.ApplicationProtocols,
        CertificateChainPolicy = options.CertificateChainPolicy,
        CertificateRevocationCheckMode = options.CertificateRevocationCheckMode,
        CipherSuitesPolicy = options.CipherSuitesPolicy,
        ClientCertificateContext = options.ClientCertificateContext,
        ClientCertificates = options.ClientCertificates,
        EnabledSslProtocols = options.EnabledSslProtocols,
        EncryptionPolicy = options.EncryptionPolicy,
        LocalCertificateSelectionCallback = options.LocalCertificateSelectionCallback,
        TargetHost = options.TargetHost,
    };
}
