using System.Globalization;
using System.Text.Json;
using K8sConsul.Chaos.Cluster;
using K8sConsul.Histories;

namespace K8sConsul.Chaos.Load;

/// <summary>One caller: one operation after the other, at any server, on keys that others use too.</summary>
internal sealed class Client(int number, int seed, ServerCluster cluster, Recorder recorder, int rate) : IDisposable
{
    /// <summary>A node of the catalog that nobody runs, so that sessions end only when a client ends them.</summary>
    public const string SessionNode = "chaos-clients";

    /// <summary>Some of the time a server holds a request while nobody leads; more, and all clients soon wait for the one that is cut off.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly Random _random = new(seed);
    private readonly HttpPort[] _ports = [.. cluster.Servers.Select(s => new HttpPort(s.Address))];
    private readonly Dictionary<string, ulong> _seen = new(StringComparer.Ordinal);
    private readonly List<string> _held = [];
    private string? _session;
    private int _written;

    public async Task RunAsync(CancellationToken stop)
    {
        TimeSpan pause = TimeSpan.FromSeconds(1.0 / rate);
        while (!stop.IsCancellationRequested)
        {
            TimeSpan next = recorder.Now + pause;
            await OperateAsync(cluster.Servers[_random.Next(_ports.Length)]);
            TimeSpan left = next - recorder.Now;
            if (left > TimeSpan.Zero)
            {
                await Task.Delay(left, CancellationToken.None);
            }
        }
    }

    public void Dispose()
    {
        foreach (HttpPort port in _ports)
        {
            port.Dispose();
        }
    }

    private Task OperateAsync(ServerProcess server)
    {
        string key = KeySpace.Next(_random, recorder.Now);
        return _random.Next(100) switch
        {
            < 16 => ReadAsync(server, key, ReadMode.Consistent),
            < 38 => ReadAsync(server, key, ReadMode.Default),
            < 52 => ReadAsync(server, key, ReadMode.Stale),
            < 70 => WriteAsync(server, key),
            < 82 => CompareAndSetAsync(server, key),
            < 86 => ChangeAsync(server, "delete", Change(OperationKind.Delete, key), "DELETE", key, string.Empty),
            < 90 => DeleteIfUnchangedAsync(server, key),
            < 96 => AcquireAsync(server, key),
            < 99 => ReleaseAsync(server),
            _ => DestroySessionAsync(server),
        };
    }

    private async Task ReadAsync(ServerProcess server, string key, ReadMode mode)
    {
        string place = string.Create(CultureInfo.InvariantCulture, $"{server.Name}#{server.Starts}");
        long invoked = recorder.Moment;
        string query = mode switch { ReadMode.Consistent => "?consistent", ReadMode.Stale => "?stale", _ => string.Empty };
        HttpAnswer answer = await _ports[server.Number].SendAsync("GET", "/v1/kv/" + key + query, string.Empty, Patience);
        long returned = recorder.Moment;
        bool isAnswered = answer.IsOk || (answer.Status == 404 && answer.Body.Length == 0);
        recorder.Count("read " + mode.ToString().ToLowerInvariant(), isAnswered ? Outcome.Ok : Outcome.Failed, isWrite: false);
        if (!isAnswered)
        {
            return;
        }

        var read = new Operation
        {
            Client = number, Key = key, Kind = OperationKind.Read, Invoked = invoked, Returned = returned, Server = place, Index = answer.Index,
        };
        read = answer.IsOk ? KvEntry.Parse(answer.Body)[0].AsSeenBy(read) : read;
        recorder.Add(mode, read);
        if (mode != ReadMode.Stale)
        {
            _seen[key] = read.ModifyIndex;
        }
    }

    private Task<bool?> WriteAsync(ServerProcess server, string key)
    {
        string value = NewValue();
        return ChangeAsync(server, "put", Change(OperationKind.Write, key) with { Value = value }, "PUT", key, value);
    }

    private Task<bool?> CompareAndSetAsync(ServerProcess server, string key)
    {
        string value = NewValue();
        ulong index = _seen.GetValueOrDefault(key);
        Operation change = Change(OperationKind.CompareAndSet, key) with { Value = value, ExpectedIndex = index };
        return ChangeAsync(server, "put with cas", change, "PUT", string.Create(CultureInfo.InvariantCulture, $"{key}?cas={index}"), value);
    }

    private Task<bool?> DeleteIfUnchangedAsync(ServerProcess server, string key)
    {
        ulong index = Math.Max(1, _seen.GetValueOrDefault(key));
        Operation change = Change(OperationKind.DeleteIfUnchanged, key) with { ExpectedIndex = index };
        return ChangeAsync(server, "delete with cas", change, "DELETE", string.Create(CultureInfo.InvariantCulture, $"{key}?cas={index}"), string.Empty);
    }

    private async Task AcquireAsync(ServerProcess server, string key)
    {
        if (_session is null)
        {
            string body = $$"""{"Node":"{{SessionNode}}","NodeChecks":[],"LockDelay":"0s"}""";
            HttpAnswer answer = await _ports[server.Number].SendAsync("PUT", "/v1/session/create", body, Patience);
            recorder.Count("session create", answer.IsOk ? Outcome.Ok : answer.WasSent ? Outcome.Unknown : Outcome.Failed, isWrite: true);
            if (!answer.IsOk)
            {
                return;
            }

            using JsonDocument document = JsonDocument.Parse(answer.Body);
            _session = document.RootElement.GetProperty("ID").GetString();
        }

        string value = NewValue();
        Operation change = Change(OperationKind.Acquire, key) with { Value = value, Session = _session };
        if (await ChangeAsync(server, "acquire", change, "PUT", key + "?acquire=" + _session, value) is not false)
        {
            _held.Add(key);
        }
    }

    private Task ReleaseAsync(ServerProcess server)
    {
        if (_session is null || _held.Count == 0)
        {
            return WriteAsync(server, KeySpace.Next(_random, recorder.Now));
        }

        string key = _held[_random.Next(_held.Count)];
        _held.Remove(key);
        string value = NewValue();
        Operation change = Change(OperationKind.Release, key) with { Value = value, Session = _session };
        return ChangeAsync(server, "release", change, "PUT", key + "?release=" + _session, value);
    }

    private async Task DestroySessionAsync(ServerProcess server)
    {
        if (_session is { } session)
        {
            _session = null;
            _held.Clear();
            Operation end = Change(OperationKind.DestroySession, string.Empty) with { Session = session };
            await ChangeAsync(server, "session destroy", end, "PUT", session, string.Empty, "/v1/session/destroy/");
        }
    }

    /// <returns>As answered; null where nobody knows.</returns>
    private async Task<bool?> ChangeAsync(
        ServerProcess server, string name, Operation change, string method, string pathAndQuery, string body, string route = "/v1/kv/")
    {
        change = change with { Server = server.Name };
        HttpAnswer answer = await _ports[server.Number].SendAsync(method, route + pathAndQuery, body, Patience);
        bool isKnown = answer.IsOk && answer.Body.Trim() is "true" or "false";
        recorder.Count(name, isKnown ? Outcome.Ok : answer.WasSent ? Outcome.Unknown : Outcome.Failed, isWrite: true);
        if (isKnown)
        {
            bool succeeded = answer.Body.Trim() == "true";
            recorder.Add(ReadMode.None, change with { Returned = recorder.Moment, Succeeded = succeeded });
            return succeeded;
        }

        if (answer.WasSent)
        {
            recorder.Add(ReadMode.None, change);
        }

        return null;
    }

    private Operation Change(OperationKind kind, string key) => new() { Client = number, Key = key, Kind = kind, Invoked = recorder.Moment };

    private string NewValue() => string.Create(CultureInfo.InvariantCulture, $"{number}-{_written++}");
}
