using System.Text.Json.Serialization;

namespace K8sConsul.TemplateRunner.Data;

/// <summary>The generated (de)serialisers of what templates see.</summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(KeyData))]
[JsonSerializable(typeof(KeyListData))]
[JsonSerializable(typeof(HealthData))]
[JsonSerializable(typeof(ServicesData))]
[JsonSerializable(typeof(NodeData))]
[JsonSerializable(typeof(NodesData))]
[JsonSerializable(typeof(DatacentersData))]
[JsonSerializable(typeof(FileData))]
[JsonSerializable(typeof(CaRootsData))]
[JsonSerializable(typeof(CaLeafData))]
internal sealed partial class DataJsonContext : JsonSerializerContext;
