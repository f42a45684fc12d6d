using System.Text.Json;
using System.Text.Json.Serialization;

namespace K8sConsul.Contracts.Model;

/// <summary>The generated (de)serialisers of every body the HTTP API sends or takes.</summary>
/// <remarks>Metadata only: the generated fast path writes a null byte array as an empty string, and Consul has null there.</remarks>
[JsonSourceGenerationOptions(JsonSerializerDefaults.General, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(List<AgentMember>))]
[JsonSerializable(typeof(AgentSelf))]
[JsonSerializable(typeof(Dictionary<string, AgentService>))]
[JsonSerializable(typeof(Dictionary<string, HealthCheck>))]
[JsonSerializable(typeof(ServiceRegistration))]
[JsonSerializable(typeof(NodeCheckRegistration))]
[JsonSerializable(typeof(CheckUpdate))]
[JsonSerializable(typeof(List<CatalogNode>))]
[JsonSerializable(typeof(List<CatalogService>))]
[JsonSerializable(typeof(CatalogNodeServices))]
[JsonSerializable(typeof(Dictionary<string, List<string>>))]
[JsonSerializable(typeof(CatalogRegistration))]
[JsonSerializable(typeof(CatalogDeregistration))]
[JsonSerializable(typeof(List<ServiceEntry>))]
[JsonSerializable(typeof(List<HealthCheck>))]
[JsonSerializable(typeof(List<KvPair>))]
[JsonSerializable(typeof(List<SessionEntry>))]
[JsonSerializable(typeof(SessionRequest))]
[JsonSerializable(typeof(CreatedId))]
[JsonSerializable(typeof(List<TxnOperation>))]
[JsonSerializable(typeof(TxnResponse))]
[JsonSerializable(typeof(RaftConfiguration))]
[JsonSerializable(typeof(AutopilotConfiguration))]
[JsonSerializable(typeof(AutopilotHealth))]
[JsonSerializable(typeof(List<KeyringResponse>))]
[JsonSerializable(typeof(KeyringRequest))]
[JsonSerializable(typeof(List<CoordinateEntry>))]
[JsonSerializable(typeof(CoordinateEntry))]
[JsonSerializable(typeof(List<CoordinateDatacenter>))]
[JsonSerializable(typeof(UserEvent))]
[JsonSerializable(typeof(List<UserEvent>))]
[JsonSerializable(typeof(List<string>))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(bool))]
public sealed partial class ConsulJsonContext : JsonSerializerContext;
