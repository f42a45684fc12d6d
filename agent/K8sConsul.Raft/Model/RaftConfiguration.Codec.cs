using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace K8sConsul.Raft;

public sealed partial class RaftConfiguration
{
    private const byte FormatVersion = 1;

    /// <summary>The data of an entry of type <see cref="EntryType.Configuration"/>.</summary>
    public byte[] Encode()
    {
        ArrayBufferWriter<byte> output = new();
        WireWriter writer = new(output);
        writer.Byte(FormatVersion);
        writer.Configuration(this);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>Reads what a peer or an older run of this program wrote.</summary>
    /// <param name="data">What <see cref="Encode"/> made.</param>
    /// <param name="configuration">Set on success.</param>
    /// <param name="problem">What is wrong, and where.</param>
    public static bool TryDecode(
        ReadOnlyMemory<byte> data, [NotNullWhen(true)] out RaftConfiguration? configuration, [NotNullWhen(false)] out string? problem)
    {
        WireReader reader = new(data);
        byte version = reader.Byte();
        if (version != FormatVersion)
        {
            reader.Fail($"configuration format {version} is unknown");
        }

        RaftConfiguration read = reader.Configuration();
        problem = reader.ProblemAtEnd();
        configuration = problem is null ? read : null;
        return problem is null;
    }
}
