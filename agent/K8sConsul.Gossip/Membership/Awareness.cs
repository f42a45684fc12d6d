namespace K8sConsul.Gossip;

/// <summary>
/// Doubt about our own health, 0 to the maximum less one: rises when our probes fail without anybody confirming it, falls with
/// every success. It stretches our probe interval, so that a sick member accuses fewer others (Lifeguard, LHA-Probe).
/// </summary>
internal sealed class Awareness(int multiplierMax)
{
    public int Score { get; private set; }

    public void Apply(int delta) => Score = Math.Clamp(Score + delta, 0, multiplierMax - 1);

    public TimeSpan Scale(TimeSpan interval) => interval * (Score + 1);
}
