using System.Globalization;
using System.Text;
using K8sConsul.Benchmarks.Scenarios;

namespace K8sConsul.Benchmarks.Report;

/// <summary>Writes per second and memory over the number of keys, both programs in each, as SVG.</summary>
internal static class GrowthPlot
{
    private const int Width = 360;
    private const int Height = 220;
    private const int Margin = 70;
    private const string OursColour = "#1f77b4";
    private const string RealColour = "#d62728";

    public static string Draw(Results results)
    {
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{2 * (Width + (2 * Margin))}\" height=\"{Height + (2 * Margin)}\" ")
            .Append("font-family=\"sans-serif\" font-size=\"11\">\n<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n");
        DrawChart(svg, results, Margin, GrowthScenario.WritePrefix, "writes per second");
        DrawChart(svg, results, Width + (3 * Margin), GrowthScenario.MemoryPrefix, "resident memory, MB");
        return svg.Append("</svg>\n").ToString();
    }

    private static void DrawChart(StringBuilder svg, Results results, int left, string prefix, string title)
    {
        List<(double Keys, ResultRow Row)> points =
        [
            .. results.Rows.Where(row => row.Row.Name.StartsWith(prefix, StringComparison.Ordinal))
                .Select(row => (double.Parse(row.Row.Name.AsSpan(prefix.Length), CultureInfo.InvariantCulture), row)),
        ];
        if (points.Count == 0)
        {
            return;
        }

        double least = Math.Log10(points.Min(point => point.Keys));
        double span = Math.Max(1, Math.Log10(points.Max(point => point.Keys)) - least);
        double highest = points.SelectMany(point => new[] { Ours(point.Row), Real(point.Row) }).Where(double.IsFinite).Max();
        const int Bottom = Margin + Height;
        Text(svg, left, Margin - 30, title, "start");
        svg.Append(CultureInfo.InvariantCulture, $"<path d=\"M{left} {Margin} V{Bottom} H{left + Width}\" fill=\"none\" stroke=\"black\"/>\n");
        Text(svg, left - 6, Margin + 4, highest.ToString("#,##0", CultureInfo.InvariantCulture), "end");
        Text(svg, left - 6, Bottom, "0", "end");
        foreach ((double keys, _) in points)
        {
            Text(svg, X(keys), Bottom + 18, keys.ToString("#,##0", CultureInfo.InvariantCulture) + " keys", "middle");
        }

        DrawLine(Ours, OursColour, "ours", legendAt: Margin - 12);
        DrawLine(Real, RealColour, "real", legendAt: Margin);

        double X(double keys) => left + (Width * (Math.Log10(keys) - least) / span);

        void DrawLine(Func<ResultRow, double> pick, string colour, string name, int legendAt)
        {
            List<(double X, double Y, double Value)> line =
                [.. points.Select(point => (X(point.Keys), Bottom - (Height * pick(point.Row) / highest), pick(point.Row))).Where(point => double.IsFinite(point.Item3))];
            if (line.Count == 0)
            {
                return;
            }

            string path = string.Join(' ', line.Select(point => string.Create(CultureInfo.InvariantCulture, $"{point.X:0.0},{point.Y:0.0}")));
            svg.Append(CultureInfo.InvariantCulture, $"<polyline points=\"{path}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/>\n");
            foreach ((double x, double y, double value) in line)
            {
                svg.Append(CultureInfo.InvariantCulture, $"<circle cx=\"{x:0.0}\" cy=\"{y:0.0}\" r=\"3\" fill=\"{colour}\"><title>{name}: {value:#,##0}</title></circle>\n");
            }

            Text(svg, left + Width, legendAt, name, "end", colour);
        }
    }

    private static double Ours(ResultRow row) => ResultRow.Median(row.Ours, figure => figure.Value);

    private static double Real(ResultRow row) => ResultRow.Median(row.Real, figure => figure.Value);

    private static void Text(StringBuilder svg, double x, double y, string text, string anchor, string colour = "black") =>
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{x:0.0}\" y=\"{y:0.0}\" text-anchor=\"{anchor}\" fill=\"{colour}\">{text}</text>\n");
}
