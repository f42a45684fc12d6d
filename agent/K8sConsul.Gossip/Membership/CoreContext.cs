namespace K8sConsul.Gossip;

/// <summary>What the parts of one core share: the time as of this call, the dice, what is planned and what came out.</summary>
internal sealed class CoreContext(ulong seed)
{
    public SeededRandom Random { get; } = new(seed);

    public TimerQueue Timers { get; } = new();

    /// <summary>Monotonic, since any fixed moment. Never goes back.</summary>
    public TimeSpan Now { get; private set; }

    public List<GossipEffect> Effects { get; set; } = [];

    /// <summary>Inputs are stamped where they arrive and may overtake each other on the way: an older stamp means "now".</summary>
    public void MoveTo(TimeSpan now)
    {
        if (now > Now)
        {
            Now = now;
        }
    }

    public void Emit(GossipEffect effect) => Effects.Add(effect);

    public TimerEntry After(TimeSpan delay, Action run) => Timers.Schedule(Now + delay, run);

    public void Debug(string text) => Emit(new GossipLog(GossipLogLevel.Debug, text));

    public void Info(string text) => Emit(new GossipLog(GossipLogLevel.Info, text));

    public void Warn(string text) => Emit(new GossipLog(GossipLogLevel.Warn, text));

    public void Error(string text) => Emit(new GossipLog(GossipLogLevel.Error, text));
}
