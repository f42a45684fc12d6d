using System.Diagnostics;
using System.Text.Json;
using K8sConsul.TemplateRunner.Dependencies;

namespace K8sConsul.TemplateRunner.Data;

/// <summary>Data as JSON: what instances share when they de-duplicate, and what tells whether data has changed.</summary>
internal static class DataCodec
{
    private static DataJsonContext Json => DataJsonContext.Default;

    public static byte[] Encode(DependencyData data)
    {
        return data switch
        {
            KeyData key => JsonSerializer.SerializeToUtf8Bytes(key, Json.KeyData),
            KeyListData keys => JsonSerializer.SerializeToUtf8Bytes(keys, Json.KeyListData),
            HealthData health => JsonSerializer.SerializeToUtf8Bytes(health, Json.HealthData),
            ServicesData services => JsonSerializer.SerializeToUtf8Bytes(services, Json.ServicesData),
            NodeData node => JsonSerializer.SerializeToUtf8Bytes(node, Json.NodeData),
            NodesData nodes => JsonSerializer.SerializeToUtf8Bytes(nodes, Json.NodesData),
            DatacentersData datacenters => JsonSerializer.SerializeToUtf8Bytes(datacenters, Json.DatacentersData),
            FileData file => JsonSerializer.SerializeToUtf8Bytes(file, Json.FileData),
            CaRootsData roots => JsonSerializer.SerializeToUtf8Bytes(roots, Json.CaRootsData),
            CaLeafData leaf => JsonSerializer.SerializeToUtf8Bytes(leaf, Json.CaLeafData),
            _ => throw new UnreachableException(),
        };
    }

    /// <summary>Null for what is no such data.</summary>
    public static DependencyData? TryDecode(DependencyKind kind, JsonElement json)
    {
        try
        {
            return kind switch
            {
                DependencyKind.KvGet or DependencyKind.KvBlock => json.Deserialize(Json.KeyData),
                DependencyKind.KvList => json.Deserialize(Json.KeyListData),
                DependencyKind.HealthService or DependencyKind.HealthConnect => json.Deserialize(Json.HealthData),
                DependencyKind.CatalogServices => json.Deserialize(Json.ServicesData),
                DependencyKind.CatalogNode => json.Deserialize(Json.NodeData),
                DependencyKind.CatalogNodes => json.Deserialize(Json.NodesData),
                DependencyKind.CatalogDatacenters => json.Deserialize(Json.DatacentersData),
                DependencyKind.File => json.Deserialize(Json.FileData),
                DependencyKind.CaRoots => json.Deserialize(Json.CaRootsData),
                DependencyKind.CaLeaf => json.Deserialize(Json.CaLeafData),
                _ => throw new UnreachableException(),
            };
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Equal for equal data: maps are sorted, and lists are in an order of their own.</summary>
    public static DataDigest DigestOf(DependencyData data)
    {
        return DataDigest.Of(Encode(data));
    }
}
