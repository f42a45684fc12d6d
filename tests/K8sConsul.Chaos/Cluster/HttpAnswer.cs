namespace K8sConsul.Chaos.Cluster;

/// <param name="Status">The HTTP status, or 0 if there was no answer.</param>
/// <param name="WasSent">False where the request certainly did not reach the server.</param>
internal sealed record HttpAnswer(int Status, string Body, ulong Index, bool WasSent)
{
    public bool IsOk => Status == 200;

    public static HttpAnswer None(bool wasSent, string why) => new(0, why, 0, wasSent);
}
