using K8sConsul.Contracts.Client;

namespace K8sConsul.Contracts.Api;

/// <summary><c>/v1/snapshot</c>; see <see cref="Snapshot.SnapshotArchive"/> for what travels.</summary>
public static class SnapshotApi
{
    public static ConsulStreamRequest Save(QueryOptions? options = null)
    {
        var request = new ConsulStreamRequest("GET", "/v1/snapshot");
        options?.AppendTo(request.Query);
        return request;
    }

    /// <summary>Replaces the whole state of the servers.</summary>
    /// <param name="archive">Stays the caller's.</param>
    /// <param name="options">Null for the defaults.</param>
    public static ConsulStreamRequest Restore(Stream archive, QueryOptions? options = null)
    {
        var request = new ConsulStreamRequest("PUT", "/v1/snapshot") { Body = archive };
        options?.AppendTo(request.Query);
        return request;
    }
}
