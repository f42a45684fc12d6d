using System.Text;
using K8sConsul.Cli.Output;
using K8sConsul.Contracts.Model;

namespace K8sConsul.Cli.Commands.Kv;

/// <summary>Everything about one entry of the store, a line each.</summary>
internal static class KvDetails
{
    /// <returns>Ends with a newline.</returns>
    public static byte[] Format(KvPair pair, byte[] shownValue)
    {
        string session = string.IsNullOrEmpty(pair.Session) ? "-" : pair.Session;
        string head = TabWriter.Format(
            $"CreateIndex\t{pair.CreateIndex}\nFlags\t{pair.Flags}\nKey\t{pair.Key}\nLockIndex\t{pair.LockIndex}\n"
            + $"ModifyIndex\t{pair.ModifyIndex}\nSession\t{session}\nValue\t");

        // Bytes and not text: a value need not be UTF-8. Blanks at the end are the padding before an empty value.
        byte[] text = [.. Encoding.UTF8.GetBytes(head), .. shownValue];
        ReadOnlySpan<byte> trimmed = text.AsSpan().TrimEnd(" \t\r\n\f\v"u8);
        return [.. trimmed, (byte)'\n'];
    }
}
