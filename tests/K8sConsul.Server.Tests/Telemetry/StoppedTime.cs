namespace K8sConsul.Server.Tests.Telemetry;

/// <summary>A clock that stands still until it is moved. It has no timers: what a registry does by timer, it also does when it is read.</summary>
internal sealed class StoppedTime : TimeProvider
{
    private DateTimeOffset _now = new(2026, 11, 20, 9, 0, 3, TimeSpan.Zero);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => _now;

    public override long GetTimestamp() => _now.UtcTicks;

    public void Move(double seconds) => _now = _now.AddSeconds(seconds);
}
