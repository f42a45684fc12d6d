using K8sConsul.Chaos.Load;

namespace K8sConsul.Chaos.Report;

/// <summary>Every operation on a line, by the time of its call.</summary>
internal static class HistoryFile
{
    public static async Task WriteAsync(string path, Recorder recorder)
    {
        await using var file = new StreamWriter(path);
        foreach ((ReadMode mode, Histories.Operation operation) in Enum.GetValues<ReadMode>()
            .SelectMany(mode => (mode == ReadMode.None ? recorder.Writes : recorder.Reads(mode)).Select(o => (mode, o)))
            .OrderBy(o => o.o.Invoked))
        {
            await file.WriteLineAsync($"{mode,-10} {operation}");
        }
    }
}
