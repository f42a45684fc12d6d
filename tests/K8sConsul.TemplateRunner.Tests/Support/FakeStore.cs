using System.Text;
using Microsoft.AspNetCore.Http;

namespace K8sConsul.TemplateRunner.Tests;

/// <summary>Keys, locks and sessions with blocking queries: as much of Consul as a de-duplicating runner needs.</summary>
internal sealed class FakeStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private readonly HashSet<string> _sessions = new(StringComparer.Ordinal);
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ulong _index = 1;

    /// <summary>How often each path was read.</summary>
    public Dictionary<string, int> Reads { get; } = new(StringComparer.Ordinal);

    public List<string> Writes { get; } = [];

    public bool RefusesSessions { get; set; }

    public int Sessions
    {
        get
        {
            lock (_gate)
            {
                return _sessions.Count;
            }
        }
    }

    public void Put(string key, byte[]? value, string session = "")
    {
        lock (_gate)
        {
            if (value is null)
            {
                _entries.Remove(key);
            }
            else
            {
                _entries[key] = new Entry(value, session, 0);
            }

            Bump();
        }
    }

    public byte[]? Get(string key)
    {
        lock (_gate)
        {
            return _entries.GetValueOrDefault(key)?.Value;
        }
    }

    public int ReadsOf(string path)
    {
        lock (_gate)
        {
            return Reads.GetValueOrDefault(path);
        }
    }

    public void EndSessions()
    {
        lock (_gate)
        {
            foreach (string session in _sessions.ToArray())
            {
                End(session);
            }
        }
    }

    public async Task<bool> ServeAsync(HttpContext context)
    {
        string path = context.Request.Path.Value!;
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        if (path.StartsWith("/v1/session/", StringComparison.Ordinal))
        {
            (int status, string text) = Session(path["/v1/session/".Length..]);
            await FakeConsul.WriteAsync(context, status, text, 0);
            return true;
        }

        if (!path.StartsWith("/v1/kv/", StringComparison.Ordinal))
        {
            return false;
        }

        string key = path["/v1/kv/".Length..];
        if (context.Request.Method == "PUT")
        {
            await FakeConsul.WriteAsync(context, 200, Write(key, body.ToArray(), context.Request.Query["acquire"].ToString(), context.Request.Query["flags"].ToString()), 0);
            return true;
        }

        await ReadAsync(context, path, key);
        return true;
    }

    private async Task ReadAsync(HttpContext context, string path, string key)
    {
        ulong wanted = ulong.TryParse(context.Request.Query["index"], out ulong index) ? index : 0;
        lock (_gate)
        {
            Reads[path] = Reads.GetValueOrDefault(path) + 1;
        }

        while (true)
        {
            Task changed;
            ulong now;
            Entry? entry;
            lock (_gate)
            {
                (now, changed, entry) = (_index, _changed.Task, _entries.GetValueOrDefault(key));
            }

            if (now > wanted)
            {
                string json = entry is null ? "" : $$"""[{"Key":"{{key}}","Value":"{{Convert.ToBase64String(entry.Value)}}","Session":"{{entry.Session}}","Flags":{{entry.Flags}}}]""";
                await FakeConsul.WriteAsync(context, entry is null ? 404 : 200, json, now);
                return;
            }

            try
            {
                await changed.WaitAsync(context.RequestAborted);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private string Write(string key, byte[] value, string session, string flags)
    {
        lock (_gate)
        {
            Writes.Add($"{key} {Encoding.Latin1.GetString(value)[..Math.Min(12, value.Length)]}");
            if (session.Length > 0)
            {
                bool isOthers = _entries.TryGetValue(key, out Entry? entry) && entry.Session.Length > 0 && entry.Session != session;
                if (isOthers || !_sessions.Contains(session))
                {
                    return "false";
                }
            }

            _entries[key] = new Entry(value, session, flags.Length > 0 ? ulong.Parse(flags) : 0);
            Bump();
            return "true";
        }
    }

    private (int Status, string Body) Session(string rest)
    {
        lock (_gate)
        {
            string[] parts = rest.Split('/');
            switch (parts[0])
            {
                case "create" when RefusesSessions:
                    return (500, "no session for you");
                case "create":
                    string id = Guid.NewGuid().ToString();
                    _sessions.Add(id);
                    return (200, $$"""{"ID":"{{id}}"}""");
                case "renew":
                    return _sessions.Contains(parts[1]) ? (200, $$"""[{"ID":"{{parts[1]}}"}]""") : (404, "");
                default:
                    End(parts[1]);
                    return (200, "true");
            }
        }
    }

    private void End(string session)
    {
        _sessions.Remove(session);
        foreach (string key in _entries.Where(e => e.Value.Session == session).Select(e => e.Key).ToArray())
        {
            _entries.Remove(key);
        }

        Bump();
    }

    private void Bump()
    {
        _index++;
        _changed.SetResult();
        _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private sealed record Entry(byte[] Value, string Session, ulong Flags);
}
