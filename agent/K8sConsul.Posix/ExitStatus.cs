namespace K8sConsul.Posix;

/// <summary>How a program ended.</summary>
/// <param name="Code">Its exit code, 0 when a signal ended it.</param>
/// <param name="Signal">The signal that ended it, 0 when it exited.</param>
public readonly record struct ExitStatus(int Code, int Signal)
{
    internal static ExitStatus OfWait(int status) => new((status >> 8) & 0xff, status & 0x7f);
}
