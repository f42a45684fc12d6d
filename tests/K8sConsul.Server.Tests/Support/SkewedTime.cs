namespace K8sConsul.Server.Tests.Support;

/// <summary>The system's clock for one server that can be made to have lost time, as after the process was stopped.</summary>
internal sealed class SkewedTime : TimeProvider
{
    private long _skew;

    public void Skip(TimeSpan by) => Interlocked.Add(ref _skew, (long)(by.TotalSeconds * TimestampFrequency));

    public override long GetTimestamp() => base.GetTimestamp() + Interlocked.Read(ref _skew);
}
