namespace K8sConsul.Chaos.Faults;

/// <summary>What happens between servers.</summary>
internal static class NetworkFaults
{
    public static IEnumerable<Fault> All { get; } =
    [
        new("isolate-leader", s => CutAsync(s, [s.Leader.Number])),
        new("isolate-follower", s => CutAsync(s, [s.Follower.Number])),
        new("split-leader-in-minority", s => CutAsync(s, Minority(s, s.Leader.Number))) { WhyNot = AtLeastFive },
        new("split-leader-in-majority", s => CutAsync(s, Minority(s, s.Follower.Number, s.Leader.Number))) { WhyNot = AtLeastFive },
        new("leader-is-not-heard", s => DropAsync(s, s.Others(s.Leader.Number).Select(o => (s.Leader.Number, o)))),
        new("leader-hears-nobody", s => DropAsync(s, s.Others(s.Leader.Number).Select(o => (o, s.Leader.Number)))),
        new("follower-is-not-heard", s => DropAsync(s, s.Others(s.Follower.Number).Select(o => (s.Follower.Number, o)))),
        new("follower-hears-nobody", s => DropAsync(s, s.Others(s.Follower.Number).Select(o => (o, s.Follower.Number)))),
        new("broken-link", BreakLinkAsync),
        new("ring", RingAsync) { WhyNot = servers => servers < 4 ? "a ring of three is whole" : null },
        new("packet-loss", LoseAsync) { AllowsOthers = true },
        new("slow-network", s => ShapeAsync(s, "delay", "40ms", "20ms", "distribution", "normal")) { NeedsNetem = true, AllowsOthers = true },
        new("reordered-network", s => ShapeAsync(s, "delay", "15ms", "10ms", "reorder", "25%")) { NeedsNetem = true, AllowsOthers = true },
        new("duplicated-packets", s => ShapeAsync(s, "duplicate", "20%")) { NeedsNetem = true, AllowsOthers = true },
    ];

    private static string? AtLeastFive(int servers) => servers < 5 ? "a minority of three is one server, which other faults isolate" : null;

    /// <summary>No packets between these servers and the rest, in either direction.</summary>
    private static Task CutAsync(Scene scene, int[] side)
    {
        int[] rest = [.. Enumerable.Range(0, scene.Count).Except(side)];
        return DropAsync(scene, side.SelectMany(one => rest.SelectMany(other => new[] { (one, other), (other, one) })));
    }

    private static int[] Minority(Scene scene, int member, int notMember = -1) =>
    [
        member, .. scene.Others(member).Where(n => n != notMember).OrderBy(n => (n + scene.Draw) % scene.Count).Take(((scene.Count - 1) / 2) - 1),
    ];

    /// <summary>Two servers that do not hear each other while others hear both.</summary>
    private static Task BreakLinkAsync(Scene scene)
    {
        (int one, int other) = (scene.Leader.Number, scene.Follower.Number);
        return DropAsync(scene, [(one, other), (other, one)]);
    }

    /// <summary>Everybody hears two neighbours only.</summary>
    private static Task RingAsync(Scene scene) => DropAsync(
        scene,
        Enumerable.Range(0, scene.Count).SelectMany(to => scene.Others(to)
            .Where(from => (from - to + scene.Count) % scene.Count != 1 && (to - from + scene.Count) % scene.Count != 1)
            .Select(from => (from, to))));

    private static Task LoseAsync(Scene scene)
    {
        double share = 0.05 * (1 + (scene.Draw % 6));
        return DropAsync(scene, Enumerable.Range(0, scene.Count).SelectMany(to => scene.Others(to).Select(from => (from, to))), share);
    }

    private static async Task DropAsync(Scene scene, IEnumerable<(int From, int To)> pairs, double share = 1)
    {
        await Task.WhenAll(pairs.ToList().Select(pair => scene.Network.DropAsync(pair.From, pair.To, share)));
        await scene.HoldAsync();
        await scene.Network.HealAsync();
    }

    private static async Task ShapeAsync(Scene scene, params string[] netem)
    {
        await Task.WhenAll(scene.Cluster.Servers.Select(s => scene.Network.ShapeAsync(s.Number, netem)));
        await scene.HoldAsync();
        await Task.WhenAll(scene.Cluster.Servers.Select(s => scene.Network.UnshapeAsync(s.Number)));
    }
}
