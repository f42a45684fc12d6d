using K8sConsul.Go;
using K8sConsul.State.Records;

namespace K8sConsul.State.Tests.Support;

/// <summary>Records with every field in use, and texts that codecs stumble over.</summary>
internal sealed class RandomRecords(SeededRandom random)
{
    private static readonly string[] _texts =
        ["", "a", "web", "é✓😀", "a\0b", "\"\\\n", new('x', 31), new('x', 32), new('y', 255), new('y', 256), new('z', 70_000)];

    public string Text() => random.Chance(80) ? _texts[random.Next(6)] : random.PickFrom(_texts);

    public ulong Number() => random.Pick(0UL, 1UL, 127UL, 128UL, 255UL, 256UL, 65_536UL, 4_294_967_296UL, ulong.MaxValue, random.NextULong());

    public int Int() => random.Pick(0, 1, -1, 80, 65_535, int.MaxValue, int.MinValue, random.Next(int.MaxValue));

    public TimeSpan Duration() => random.Pick(TimeSpan.Zero, TimeSpan.FromTicks(1), TimeSpan.FromSeconds(15), TimeSpan.FromDays(9_000));

    public StringMap? Map() => random.Next(3) switch
    {
        0 => null,
        1 => StringMap.Empty,
        _ => StringMap.Of(List(() => KeyValuePair.Create(Text(), Text()))),
    };

    public List<T> List<T>(Func<T> item)
    {
        var list = new List<T>();
        for (int left = random.Pick(0, 0, 1, 2, 3, 17); left > 0; left--)
        {
            list.Add(item());
        }

        return list;
    }

    public NodeRecord Node() => new()
    {
        Id = Text(),
        Node = Text(),
        Address = Text(),
        Datacenter = Text(),
        TaggedAddresses = Map(),
        Meta = Map(),
        CreateIndex = Number(),
        ModifyIndex = Number(),
    };

    public ServiceRecord Service() => new()
    {
        Node = "node" + Text(),
        Id = Text(),
        Service = Text(),
        Kind = random.Pick(string.Empty, "connect-proxy", "typo"),
        Tags = List(Text),
        Address = Text(),
        TaggedAddresses = [.. List(() => new TaggedAddress(Text(), Text(), Int())).DistinctBy(tagged => tagged.Name).OrderBy(tagged => tagged.Name, StringComparer.Ordinal)],
        Meta = Map(),
        Port = Int(),
        Weights = new ServiceWeights(Int(), Int()),
        EnableTagOverride = random.Chance(50),
        ConnectNative = random.Chance(50),
        Proxy = random.Chance(50) ? null : Proxy(),
        CreateIndex = Number(),
        ModifyIndex = Number(),
    };

    public ProxyRecord Proxy() => new()
    {
        DestinationServiceName = "destination" + Text(),
        DestinationServiceId = Text(),
        LocalServiceAddress = Text(),
        LocalServicePort = Int(),
        ConfigJson = Json(),
        Upstreams = List(() => new UpstreamRecord
        {
            DestinationType = Text(),
            DestinationNamespace = Text(),
            DestinationName = Text(),
            Datacenter = Text(),
            LocalBindAddress = Text(),
            LocalBindPort = Int(),
            ConfigJson = Json(),
            MeshGatewayMode = Text(),
        }),
        MeshGatewayMode = Text(),
        ExposeChecks = random.Chance(50),
        ExposePaths = List(() => new ExposePathRecord(Int(), Text(), Int(), Text(), random.Chance(50))),
    };

    public CheckRecord Check() => new()
    {
        Node = "node" + Text(),
        CheckId = Text(),
        Name = Text(),
        Status = Text(),
        Notes = Text(),
        Output = Text(),
        ServiceId = Text(),
        ServiceName = Text(),
        ServiceTags = List(Text),
        Type = Text(),
        Definition = random.Chance(50) ? null : new CheckDefinitionRecord
        {
            Http = "http://" + Text(),
            TlsSkipVerify = random.Chance(50),
            Header = [.. List(() => KeyValuePair.Create(Text(), (IReadOnlyList<string>)List(Text))).DistinctBy(line => line.Key).OrderBy(line => line.Key, StringComparer.Ordinal)],
            Method = Text(),
            Body = Text(),
            Tcp = Text(),
            ScriptArgs = List(Text),
            DockerContainerId = Text(),
            Shell = Text(),
            Grpc = Text(),
            GrpcUseTls = random.Chance(50),
            AliasNode = Text(),
            AliasService = Text(),
            Ttl = Duration(),
            OutputMaxSize = Number(),
            Interval = Duration(),
            Timeout = Duration(),
            DeregisterCriticalServiceAfter = Duration(),
        },
        CreateIndex = Number(),
        ModifyIndex = Number(),
    };

    public KvRecord Kv() => new()
    {
        Key = Text(),
        Value = random.Bytes(random.Pick(0, 1, 31, 32, 300)),
        Flags = Number(),
        Session = Text(),
        LockIndex = Number(),
        CreateIndex = Number(),
        ModifyIndex = Number(),
    };

    public SessionRecord Session() => new()
    {
        Id = Text(),
        Name = Text(),
        Node = Text(),
        LockDelay = Duration(),
        Behavior = Text(),
        Ttl = Text(),
        NodeChecks = List(Text),
        ServiceChecks = List(() => new SessionServiceCheck(Text(), Text())),
        CreateIndex = Number(),
        ModifyIndex = Number(),
    };

    public CoordinateRecord Coordinate() => new()
    {
        Node = Text(),
        Segment = Text(),
        Vec = [.. List(Double)],
        Error = Double(),
        Adjustment = Double(),
        Height = Double(),
    };

    public AutopilotRecord Autopilot() => new()
    {
        CleanupDeadServers = random.Chance(50),
        LastContactThreshold = Nanoseconds(),
        MaxTrailingLogs = Number(),
        MinQuorum = Number(),
        ServerStabilizationTime = Nanoseconds(),
        RedundancyZoneTag = Text(),
        DisableUpgradeMigration = random.Chance(50),
        UpgradeVersionTag = Text(),
        CreateIndex = Number(),
        ModifyIndex = Number(),
    };

    private GoDuration Nanoseconds() => new(random.Pick(0L, 1L, -1L, 200_000_000L, long.MaxValue, long.MinValue));

    private double Double() => random.Pick(0.0, -0.0, 1.5, -1e-5, double.MaxValue, double.Epsilon, 0.1);

    private string Json() => random.Pick(string.Empty, "{}", """{"a":1,"b":[true,null,"é<"],"c":{"d":0.25}}""", """{"envoy_json":"{\"x\":2}"}""");
}
