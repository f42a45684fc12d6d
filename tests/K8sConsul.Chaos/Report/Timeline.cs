using System.Globalization;
using System.Text;
using K8sConsul.Chaos.Load;

namespace K8sConsul.Chaos.Report;

/// <summary>The run as a picture: faults as bars in lanes, leaders as a band, operations per second below, those without an answer in red.</summary>
internal static class Timeline
{
    private const int Left = 190;
    private const int Right = 20;
    private const int Lane = 14;
    private const int Top = 40;
    private const int ChartHeight = 140;

    private static readonly string[] LeaderColours = ["#4e79a7", "#f28e2b", "#59a14f", "#b07aa1", "#9c755f", "#76b7b2", "#edc948", "#ff9da7", "#bab0ac"];

    public static string Draw(RunResults results)
    {
        double seconds = Math.Max(1, results.Ended.TotalSeconds);
        double scale = Math.Clamp(1_400 / seconds, 1, 12);
        string[] lanes = [.. results.Faults.Happened.Select(f => f.Name).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        int leaderTop = Top + (lanes.Length * Lane) + 10;
        int chartTop = leaderTop + Lane + 16;
        double width = Left + (seconds * scale) + Right;
        int height = chartTop + ChartHeight + 40;
        var svg = new StringBuilder();
        svg.AppendLine(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width:0}\" height=\"{height}\" font-family=\"sans-serif\" font-size=\"10\">");
        svg.AppendLine("<rect width=\"100%\" height=\"100%\" fill=\"white\"/>");
        svg.AppendLine(CultureInfo.InvariantCulture, $"<text x=\"10\" y=\"20\" font-size=\"13\">{results.Options.Servers} servers, {results.Ended.TotalMinutes:0.0} minutes, seed {results.Options.Seed}</text>");
        DrawFaults(svg, results, lanes, scale);
        DrawLeaders(svg, results, leaderTop, scale);
        DrawOperations(svg, results, chartTop, scale, (int)seconds);
        svg.AppendLine("</svg>");
        return svg.ToString();
    }

    private static void DrawFaults(StringBuilder svg, RunResults results, string[] lanes, double scale)
    {
        for (int lane = 0; lane < lanes.Length; lane++)
        {
            int y = Top + (lane * Lane);
            svg.AppendLine(CultureInfo.InvariantCulture, $"<text x=\"{Left - 6}\" y=\"{y + 10}\" text-anchor=\"end\">{lanes[lane]}</text>");
            svg.AppendLine(CultureInfo.InvariantCulture, $"<line x1=\"{Left}\" x2=\"{Left + (results.Ended.TotalSeconds * scale):0}\" y1=\"{y + 7}\" y2=\"{y + 7}\" stroke=\"#eee\"/>");
            foreach ((_, TimeSpan from, TimeSpan to) in results.Faults.Happened.Where(f => f.Name == lanes[lane]))
            {
                svg.AppendLine(CultureInfo.InvariantCulture, $"<rect x=\"{Left + (from.TotalSeconds * scale):0.0}\" y=\"{y + 2}\" width=\"{Math.Max(1, (to - from).TotalSeconds * scale):0.0}\" height=\"{Lane - 4}\" fill=\"#c44e52\"><title>{lanes[lane]} {from.TotalSeconds:0.0} s to {to.TotalSeconds:0.0} s</title></rect>");
            }
        }
    }

    private static void DrawLeaders(StringBuilder svg, RunResults results, int y, double scale)
    {
        svg.AppendLine(CultureInfo.InvariantCulture, $"<text x=\"{Left - 6}\" y=\"{y + 10}\" text-anchor=\"end\">leader</text>");
        List<(TimeSpan At, string Name)> changes = results.Leaders.Changes;
        for (int i = 0; i < changes.Count; i++)
        {
            double from = changes[i].At.TotalSeconds;
            double to = Math.Max(from, i + 1 < changes.Count ? changes[i + 1].At.TotalSeconds : results.Ended.TotalSeconds);
            int number = int.Parse(changes[i].Name.AsSpan("server".Length), CultureInfo.InvariantCulture) - 1;
            svg.AppendLine(CultureInfo.InvariantCulture, $"<rect x=\"{Left + (from * scale):0.0}\" y=\"{y}\" width=\"{(to - from) * scale:0.0}\" height=\"{Lane}\" fill=\"{LeaderColours[number % LeaderColours.Length]}\"><title>{changes[i].Name} from {from:0.0} s</title></rect>");
        }
    }

    private static void DrawOperations(StringBuilder svg, RunResults results, int top, double scale, int seconds)
    {
        Recorder recorder = results.Recorder;
        int highest = Math.Max(1, Enumerable.Range(0, seconds + 1).Max(s => recorder.PerSecond(s, Outcome.Ok) + Bad(recorder, s)));
        int bottom = top + ChartHeight;
        svg.AppendLine(CultureInfo.InvariantCulture, $"<text x=\"{Left - 6}\" y=\"{top + 8}\" text-anchor=\"end\">{highest} operations/s</text>");
        svg.AppendLine(CultureInfo.InvariantCulture, $"<text x=\"{Left - 6}\" y=\"{bottom}\" text-anchor=\"end\">0</text>");
        for (int second = 0; second <= seconds; second++)
        {
            double x = Left + (second * scale);
            double ok = (double)ChartHeight * recorder.PerSecond(second, Outcome.Ok) / highest;
            double bad = (double)ChartHeight * Bad(recorder, second) / highest;
            svg.AppendLine(CultureInfo.InvariantCulture, $"<rect x=\"{x:0.0}\" y=\"{bottom - ok:0.0}\" width=\"{scale:0.0}\" height=\"{ok:0.0}\" fill=\"#8cb4d9\"/><rect x=\"{x:0.0}\" y=\"{bottom - ok - bad:0.0}\" width=\"{scale:0.0}\" height=\"{bad:0.0}\" fill=\"#d62728\"/>");
        }

        for (int second = 0; second <= seconds; second += seconds > 600 ? 120 : 10)
        {
            double x = Left + (second * scale);
            svg.AppendLine(CultureInfo.InvariantCulture, $"<line x1=\"{x:0}\" x2=\"{x:0}\" y1=\"{bottom}\" y2=\"{bottom + 4}\" stroke=\"black\"/><text x=\"{x:0}\" y=\"{bottom + 16}\" text-anchor=\"middle\">{second} s</text>");
        }

        svg.AppendLine(CultureInfo.InvariantCulture, $"<text x=\"{Left}\" y=\"{bottom + 32}\">blue: answered; red: failed or unknown</text>");
    }

    private static int Bad(Recorder recorder, int second) => recorder.PerSecond(second, Outcome.Failed) + recorder.PerSecond(second, Outcome.Unknown);
}
