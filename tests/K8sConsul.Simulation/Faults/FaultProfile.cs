using K8sConsul.Raft;

namespace K8sConsul.Simulation.Faults;

/// <summary>
/// The probabilities of one run, drawn from its seed. Most faults are absent from most runs: a run that has everything at once
/// seldom gets far enough to show anything (swarm testing, Groce et al. 2012). Half of the runs have a theme: faults that are dangerous
/// together, frequent, and little else.
/// </summary>
internal sealed record FaultProfile
{
    /// <summary>One run in so many has a given fault.</summary>
    private const int Rarity = 3;

    private const int RarityBesideTheme = 12;

    private static readonly Fault[][] s_themes =
    [
        // Many short reigns, entries of many terms in few logs each (Raft paper, figure 8).
        [Fault.IsolateLeader, Fault.Kill],
        [Fault.IsolateLeader, Fault.Restart],

        // A leader that does not know how late it is.
        [Fault.Pause],
        [Fault.Pause, Fault.Transfer],

        // Promises that may not be on the disk.
        [Fault.PowerLoss, Fault.SlowDisk],
        [Fault.Kill, Fault.Restart, Fault.SlowLink],
        [Fault.Partition, Fault.OneWayCut],

        // Promises of silence, and whoever does not hear a leader that others hear.
        [Fault.IsolateLeader, Fault.OneWayCut, Fault.Restart],
        [Fault.ConnectionReset, Fault.OneWayCut, Fault.Kill],
        [Fault.CutOneOff, Fault.IsolateLeaderAndRestartOthers, Fault.Lull],

        // Quorums of which two configurations differ.
        [Fault.AddServer, Fault.Promote, Fault.Demote, Fault.RemoveServer, Fault.IsolateLeader],
        [Fault.AddServer, Fault.Promote, Fault.RemoveServer, Fault.Partition],
    ];

    private readonly Dictionary<Fault, int> _perMille = [];

    /// <summary>Of a thousand messages.</summary>
    public int LossPerMille { get; private init; }

    public int DuplicatePerMille { get; private init; }

    /// <summary>Longest usual delay of a message, in thousandths of a tick; reordering follows from it.</summary>
    public int DelayMax { get; private init; }

    /// <summary>Longest usual flush, in thousandths of a tick.</summary>
    public int FlushMax { get; private init; }

    /// <summary>The fastest clock goes so many percent faster than the slowest.</summary>
    public int DriftPercent { get; private init; }

    /// <summary>Whether clocks keep within what the lease allows for. Beyond it only quorum reads are promised.</summary>
    public bool IsDriftWithinBound(RaftOptions options) => DriftPercent <= options.ClockDriftPercent;

    /// <summary>Out of a thousand chances, of which there are five per tick of the leader's heartbeat.</summary>
    public int PerMille(Fault fault) => _perMille.GetValueOrDefault(fault);

    public static FaultProfile Draw(RaftRandom random)
    {
        var profile = new FaultProfile
        {
            LossPerMille = random.Next(3) == 0 ? random.Next(150) : random.Next(10),
            DuplicatePerMille = random.Next(3) == 0 ? random.Next(150) : 0,
            DelayMax = 200 + random.Next(random.Next(2) == 0 ? 500 : 4000),
            FlushMax = 100 + random.Next(random.Next(2) == 0 ? 300 : 3000),
            DriftPercent = random.Next(4) switch { 0 => 0, 1 => 40 + random.Next(40), _ => random.Next(11) },
        };
        Fault[] theme = random.Next(2) == 0 ? s_themes[random.Next(s_themes.Length)] : [];
        foreach (Fault fault in Enum.GetValues<Fault>())
        {
            bool isThere = random.Next(theme.Length == 0 ? Rarity : RarityBesideTheme) == 0;
            int often = 30 + random.Next(120);
            int rate = fault switch
            {
                Fault.PowerLossOfAll => 1 + random.Next(4),
                Fault.BitRot or Fault.MisdirectedWrite or Fault.ReplaceDisk or Fault.DiskFull or Fault.FlushFailure => 1 + random.Next(8),
                Fault.AddServer or Fault.Promote or Fault.Demote or Fault.RemoveServer => 5 + random.Next(30),
                _ => 2 + random.Next(30),
            };
            profile._perMille[fault] = fault == Fault.Heal ? (theme.Length == 0 ? 60 : 15 + random.Next(120)) : theme.Contains(fault) ? often : isThere ? rate : 0;
        }

        return profile;
    }
}
