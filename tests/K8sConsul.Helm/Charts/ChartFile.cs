using System.Text;

namespace K8sConsul.Helm.Charts;

/// <summary>A file of a chart.</summary>
/// <param name="Name">Below the chart's folder, with slashes.</param>
/// <param name="Data">Without a byte order mark.</param>
internal sealed record ChartFile(string Name, byte[] Data)
{
    public string Text => Encoding.UTF8.GetString(Data);
}
