using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace K8sConsul.Raft;

/// <summary>A broken invariant: this peer's state can no longer be trusted. The host stops the peer and saves nothing more.</summary>
public sealed class RaftInvariantException(string message) : Exception(message);

/// <summary>Checks that stay on in Release: a stopped peer is better than a wrong answer.</summary>
internal static class Invariant
{
    /// <summary>Throws unless the invariant holds.</summary>
    /// <param name="holds">What must be true.</param>
    /// <param name="message">Formatted only when it is not.</param>
    public static void Require(
        [DoesNotReturnIf(false)] bool holds, [InterpolatedStringHandlerArgument(nameof(holds))] ref Message message)
    {
        if (!holds)
        {
            throw new RaftInvariantException(message.ToString());
        }
    }

    public static void Require([DoesNotReturnIf(false)] bool holds, string message)
    {
        if (!holds)
        {
            throw new RaftInvariantException(message);
        }
    }

    /// <summary>Builds the text only on failure, so that a check on a hot path costs a branch.</summary>
    [InterpolatedStringHandler]
    public ref struct Message
    {
        private DefaultInterpolatedStringHandler _inner;

        public Message(int literalLength, int formattedCount, bool holds, out bool isNeeded)
        {
            isNeeded = !holds;
            _inner = isNeeded ? new DefaultInterpolatedStringHandler(literalLength, formattedCount) : default;
        }

        public void AppendLiteral(string value) => _inner.AppendLiteral(value);

        public void AppendFormatted<T>(T value) => _inner.AppendFormatted(value);

        public override string ToString() => _inner.ToStringAndClear();
    }
}
