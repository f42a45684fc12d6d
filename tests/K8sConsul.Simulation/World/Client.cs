using System.Globalization;
using K8sConsul.Raft;

namespace K8sConsul.Simulation.World;

/// <summary>A client: one request at a time, with what it remembers of earlier ones.</summary>
internal sealed class Client(int number, RaftRandom random)
{
    private const int Keys = 6;
    private const int Pairs = 2;
    private readonly Dictionary<string, ulong> _indexes = new(StringComparer.Ordinal);
    private int _sessions;
    private string? _session;
    private bool _hasRegistered;

    public Call? Outstanding { get; set; }

    public RaftRandom Random => random;

    public Call Next(int call, long now, ulong acknowledged, bool onlyReads)
    {
        const int Reads = 60;
        int dice = onlyReads ? Reads + random.Next(100 - Reads) : random.Next(100);
        string key = string.Create(CultureInfo.InvariantCulture, $"k{random.Next(Keys)}");
        string pair = string.Create(CultureInfo.InvariantCulture, $"pair{random.Next(Pairs)}");
        string value = string.Create(CultureInfo.InvariantCulture, $"v{number}.{call}");
        CallKind kind = dice switch
        {
            _ when !_hasRegistered && number == 0 => CallKind.Register,
            < 28 => CallKind.Put,
            < 38 => CallKind.CompareAndSet,
            < 42 => CallKind.Delete,
            < 45 => CallKind.DeleteIfUnchanged,
            < 52 when _session is null => CallKind.SessionCreate,
            < 50 => CallKind.Acquire,
            < 52 => CallKind.Release,
            < 54 when _session is not null => CallKind.SessionDestroy,
            < Reads => CallKind.PutPair,
            < 66 => CallKind.ReadPair,
            < 76 => CallKind.ReadStale,
            < 88 => CallKind.ReadDefault,
            _ => CallKind.ReadConsistent,
        };
        _hasRegistered |= kind == CallKind.Register;
        if (kind == CallKind.SessionCreate)
        {
            _session = string.Create(CultureInfo.InvariantCulture, $"00000000-0000-4000-8000-{number:x4}{++_sessions:x8}");
        }

        string session = kind is CallKind.SessionCreate or CallKind.SessionDestroy or CallKind.Acquire or CallKind.Release ? _session ?? string.Empty : string.Empty;
        if (kind == CallKind.SessionDestroy)
        {
            _session = null;
        }

        return new Call
        {
            Number = call,
            Client = number,
            Kind = kind,
            Key = kind is CallKind.PutPair or CallKind.ReadPair ? pair : key,
            Value = kind is CallKind.Put or CallKind.CompareAndSet or CallKind.Acquire or CallKind.Release or CallKind.PutPair ? value : string.Empty,
            ExpectedIndex = kind is CallKind.CompareAndSet or CallKind.DeleteIfUnchanged ? _indexes.GetValueOrDefault(key) : 0,
            Session = session,
            Invoked = now,
            AcknowledgedBefore = acknowledged,
        };
    }

    public void Remember(Call call)
    {
        if (call.Outcome == CallOutcome.Succeeded && call.IsRead && call.Kind != CallKind.ReadPair)
        {
            _indexes[call.Key] = call.Seen?.ModifyIndex ?? 0;
        }
    }
}
