using System.Globalization;
using System.Text;

namespace K8sConsul.Contracts.Snapshot;

/// <summary>The list <c>SHA256SUMS</c>: a line of digest, two blanks and name per member.</summary>
internal static class SnapshotSums
{
    private const int DigestBytes = 32;

    public static byte[] Write(IEnumerable<KeyValuePair<string, byte[]>> digests)
    {
        var text = new StringBuilder();
        foreach ((string name, byte[] digest) in digests)
        {
            text.Append(Convert.ToHexStringLower(digest)).Append("  ").Append(name).Append('\n');
        }

        return Encoding.ASCII.GetBytes(text.ToString());
    }

    /// <summary>Every line must match a member, and every member have a line.</summary>
    /// <returns>What is wrong; empty when nothing is.</returns>
    public static string Verify(ReadOnlySpan<byte> list, IReadOnlyDictionary<string, byte[]> digests)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (string line in Encoding.UTF8.GetString(list).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            int blank = line.IndexOf("  ", StringComparison.Ordinal);
            string name = blank < 0 ? string.Empty : line[(blank + 2)..].TrimEnd('\r');
            byte[] digest = new byte[DigestBytes];
            if (blank != DigestBytes * 2
                || Convert.FromHexString(line.AsSpan(0, blank), digest, out _, out _) != System.Buffers.OperationStatus.Done)
            {
                return string.Create(CultureInfo.InvariantCulture, $"line \"{line}\" is no digest and name");
            }

            if (!digests.TryGetValue(name, out byte[]? actual))
            {
                return $"list missing hash for \"{name}\"";
            }

            if (!digest.AsSpan().SequenceEqual(actual))
            {
                return $"hash check failed for \"{name}\"";
            }

            seen.Add(name);
        }

        foreach (string name in SnapshotArchive.SummedMembers)
        {
            if (!seen.Contains(name))
            {
                return $"file missing for \"{name}\"";
            }
        }

        return string.Empty;
    }
}
