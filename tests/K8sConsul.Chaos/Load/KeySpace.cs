using System.Globalization;

namespace K8sConsul.Chaos.Load;

/// <summary>
/// Some keys that live as long as the run, and a few hot ones on which the clients meet, replaced every minute so that no single
/// history gets longer than can be checked.
/// </summary>
internal static class KeySpace
{
    public const string Prefix = "chaos/";

    private const int Lasting = 300;
    private const int Hot = 20;
    private const int HotPercent = 60;

    public static string Next(Random random, TimeSpan now) => random.Next(100) < HotPercent
        ? string.Create(CultureInfo.InvariantCulture, $"{Prefix}hot/{(int)now.TotalMinutes}/{random.Next(Hot)}")
        : string.Create(CultureInfo.InvariantCulture, $"{Prefix}lasting/{random.Next(Lasting)}");
}
