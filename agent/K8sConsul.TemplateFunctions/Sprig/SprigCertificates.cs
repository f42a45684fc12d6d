using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using K8sConsul.Go;

namespace K8sConsul.Template.Functions;

/// <summary>Private keys and certificates. What they are made of comes from the host.</summary>
internal sealed class SprigCertificates
{
    private static readonly GoType s_anyList = GoType.SliceOf(GoType.Any);

    private readonly CertificateMaker _maker;
    private readonly Func<PrivateKeyKind, AsymmetricAlgorithm> _newKey;

    private SprigCertificates(CertificateMaker maker, Func<PrivateKeyKind, AsymmetricAlgorithm> newKey)
    {
        _maker = maker;
        _newKey = newKey;
    }

    public static void AddTo(TemplateFunctions functions, FunctionHost host)
    {
        functions.Add("buildCustomCert", Function([GoType.String, GoType.String], (_, given) => Custom((string)given[0]!, (string)given[1]!)));
        if (host is { Clock: { } clock, Random: { } random, PrivateKey: { } newKey })
        {
            new SprigCertificates(new CertificateMaker(clock, random), newKey).AddTo(functions);
        }
    }

    /// <summary>The forms with a key of the caller's have it as their last argument.</summary>
    private void AddTo(TemplateFunctions functions)
    {
        GoType[] authority = [GoType.String, GoType.Int];
        GoType[] selfSigned = [GoType.String, s_anyList, s_anyList, GoType.Int];
        GoType[] signed = [.. selfSigned, PemCertificate.GoType];
        functions
            .Add("genPrivateKey", (string kind) => NewKey(kind))
            .Add("genCA", Function(authority, Authority))
            .Add("genCAWithKey", Function([.. authority, GoType.String], Authority))
            .Add("genSelfSignedCert", Function(selfSigned, SelfSigned))
            .Add("genSelfSignedCertWithKey", Function([.. selfSigned, GoType.String], SelfSigned))
            .Add("genSignedCert", Function(signed, Signed))
            .Add("genSignedCertWithKey", Function([.. signed, GoType.String], Signed));
    }

    private static TemplateFunction Function(GoType[] parameters, Func<TemplateCall, IReadOnlyList<object?>, object?> body)
    {
        // A key takes as long as many thousands of ordinary steps.
        const int Steps = 100_000;
        return TemplateFunction.Describe(parameters, isVariadic: false, PemCertificate.GoType, (call, given) =>
        {
            call.CountSteps(Steps);
            return body(call, given);
        });
    }

    private string NewKey(string kind)
    {
        switch (kind)
        {
            case "" or "rsa":
                using (AsymmetricAlgorithm rsa = _newKey(PrivateKeyKind.Rsa4096))
                {
                    return PemReader.Print(rsa);
                }

            case "ecdsa":
                using (AsymmetricAlgorithm ecdsa = _newKey(PrivateKeyKind.Ecdsa))
                {
                    return PemReader.Print(ecdsa);
                }

            case "dsa" or "ed25519":
                throw new TemplateFunctionException($"private keys of type {kind} are not supported here");
            default:
                return "Unknown type " + kind;
        }
    }

    private object Authority(TemplateCall call, IReadOnlyList<object?> given)
    {
        using AsymmetricAlgorithm key = KeyOf(given, 2);
        return _maker.SelfSigned((string)given[0]!, [], [], Days(given[1]), key, isAuthority: true);
    }

    private object SelfSigned(TemplateCall call, IReadOnlyList<object?> given)
    {
        using AsymmetricAlgorithm key = KeyOf(given, 4);
        return _maker.SelfSigned(
            (string)given[0]!, Addresses(call, given[1]), Hosts(call, given[2]), Days(given[3]), key, isAuthority: false);
    }

    private object Signed(TemplateCall call, IReadOnlyList<object?> given)
    {
        using AsymmetricAlgorithm key = KeyOf(given, 5);
        return _maker.Signed(
            (string)given[0]!, Addresses(call, given[1]), Hosts(call, given[2]), Days(given[3]), (PemCertificate)given[4]!, key);
    }

    private AsymmetricAlgorithm KeyOf(IReadOnlyList<object?> given, int index)
    {
        return given.Count > index ? PemReader.Key((string)given[index]!) : _newKey(PrivateKeyKind.Rsa2048);
    }

    private static nint Days(object? given) => (nint)GoData.Signed(given);

    private static List<IPAddress> Addresses(TemplateCall call, object? list)
    {
        var addresses = new List<IPAddress>();
        foreach (object? item in GoData.TryItems(list) ?? [])
        {
            string text = item as string ?? throw new TemplateFunctionException($"error parsing ip: {call.Print(item)} is not a string");
            addresses.Add(IPAddress.TryParse(text, out IPAddress? address)
                ? address
                : throw new TemplateFunctionException($"error parsing ip: {text}"));
        }

        return addresses;
    }

    private static List<string> Hosts(TemplateCall call, object? list)
    {
        return [.. (GoData.TryItems(list) ?? []).Select(item => item as string
            ?? throw new TemplateFunctionException($"error processing alternate dns name: {call.Print(item)} is not a string"))];
    }

    private static PemCertificate Custom(string encodedCertificate, string encodedKey)
    {
        string certificate = Decoded(encodedCertificate) ?? throw new TemplateFunctionException("unable to decode base64 certificate");
        string key = Decoded(encodedKey) ?? throw new TemplateFunctionException("unable to decode base64 private key");
        using X509Certificate2 checkedCertificate = PemReader.Certificate(certificate);
        if (!PemReader.TryFind(key, out _, out _))
        {
            throw new TemplateFunctionException("unable to decode key");
        }

        using AsymmetricAlgorithm checkedKey = PemReader.Key(key);
        return new PemCertificate(certificate, key);
    }

    private static string? Decoded(string text)
    {
        return GoBase64.TryDecode(Encoding.UTF8.GetBytes(text), out _) is { } bytes ? Encoding.UTF8.GetString(bytes) : null;
    }
}
