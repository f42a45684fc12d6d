using K8sConsul.Template.Functions;

namespace K8sConsul.Helm.Rendering;

/// <summary>Time, chance and keys of which every render gets the same.</summary>
internal static class RepeatableHost
{
    private static readonly DateTimeOffset s_moment = new(2024, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static FunctionHost Create()
    {
        ulong state = 1;
        return new FunctionHost
        {
            Clock = () => s_moment,
            Random = below => (int)(Next(ref state) % (ulong)below),
            PrivateKey = RepeatableKeys.Create(),
        };
    }

    /// <summary>SplitMix64.</summary>
    private static ulong Next(ref ulong state)
    {
        state += 0x9e3779b97f4a7c15;
        ulong mixed = state;
        mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
        return mixed ^ (mixed >> 31);
    }
}
