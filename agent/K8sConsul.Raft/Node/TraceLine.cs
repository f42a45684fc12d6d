using System.Globalization;
using System.Runtime.CompilerServices;

namespace K8sConsul.Raft;

public sealed partial class RaftNode
{
    private void Trace(TraceLevel level, [InterpolatedStringHandlerArgument("", nameof(level))] TraceLine line)
    {
        if (line.IsNeeded)
        {
            _trace.Write(level, line.ToString());
        }
    }

    /// <summary>A log line that is formatted only when somebody listens at its level.</summary>
    [InterpolatedStringHandler]
    private ref struct TraceLine
    {
        private DefaultInterpolatedStringHandler _inner;

        public TraceLine(int literalLength, int formattedCount, RaftNode node, TraceLevel level, out bool isNeeded)
        {
            IsNeeded = isNeeded = node._trace.IsEnabled(level);
            _inner = isNeeded ? new DefaultInterpolatedStringHandler(literalLength, formattedCount, CultureInfo.InvariantCulture) : default;
        }

        public bool IsNeeded { get; }

        public void AppendLiteral(string value) => _inner.AppendLiteral(value);

        public void AppendFormatted<T>(T value) => _inner.AppendFormatted(value);

        public override string ToString() => _inner.ToStringAndClear();
    }
}
