namespace K8sConsul.Dns.Tests;

/// <summary>Octets from hexadecimal text that may hold spaces and line ends for reading.</summary>
internal static class Hex
{
    public static byte[] Bytes(string text) => Convert.FromHexString(string.Concat(text.Where(char.IsAsciiHexDigit)));

    public static string Of(ReadOnlySpan<byte> octets) => Convert.ToHexStringLower(octets);
}
