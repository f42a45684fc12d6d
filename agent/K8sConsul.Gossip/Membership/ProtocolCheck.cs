using K8sConsul.Gossip.Wire;

namespace K8sConsul.Gossip;

/// <summary>Whether all members of two pools that are about to merge can speak with each other.</summary>
internal static class ProtocolCheck
{
    /// <summary>memberlist's <c>verifyProtocol</c>.</summary>
    /// <returns>Null, or memberlist's text naming the member that does not fit.</returns>
    public static string? Verify(IReadOnlyList<PushPullNode> remote, IReadOnlyList<NodeRecord> local)
    {
        (byte maxPMin, byte minPMax) = (byte.MinValue, byte.MaxValue);
        (byte maxDMin, byte minDMax) = (byte.MinValue, byte.MaxValue);
        void Narrow(byte[] vsn)
        {
            maxPMin = Math.Max(maxPMin, vsn[0]);
            minPMax = Math.Min(minPMax, vsn[1]);
            maxDMin = Math.Max(maxDMin, vsn[3]);
            minDMax = Math.Min(minDMax, vsn[4]);
        }

        foreach (PushPullNode node in remote)
        {
            if (node.State == NodeState.Alive && node.Vsn.Length >= 5)
            {
                Narrow(node.Vsn);
            }
        }

        foreach (NodeRecord node in local)
        {
            if (node.State == NodeState.Alive)
            {
                Narrow(node.Vsn);
            }
        }

        string? Check(string name, byte protocol, byte delegateProtocol)
        {
            if (protocol < maxPMin || protocol > minPMax)
            {
                return $"Node '{name}' protocol version ({protocol}) is incompatible: [{maxPMin}, {minPMax}]";
            }

            return delegateProtocol < maxDMin || delegateProtocol > minDMax
                ? $"Node '{name}' delegate protocol version ({delegateProtocol}) is incompatible: [{maxDMin}, {minDMax}]"
                : null;
        }

        foreach (PushPullNode node in remote)
        {
            (byte protocol, byte delegateProtocol) = node.Vsn.Length >= WireLimits.VersionBytes ? (node.Vsn[2], node.Vsn[5]) : ((byte)0, (byte)0);
            if (Check(node.Name, protocol, delegateProtocol) is { } problem)
            {
                return problem;
            }
        }

        foreach (NodeRecord node in local)
        {
            if (Check(node.Name, node.Vsn[2], node.Vsn[5]) is { } problem)
            {
                return problem;
            }
        }

        return null;
    }
}
