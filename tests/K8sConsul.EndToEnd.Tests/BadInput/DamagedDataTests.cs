using System.Buffers.Binary;
using System.Globalization;

namespace K8sConsul.EndToEnd.Tests.BadInput;

/// <summary>Data directories that are not as they were left: what can be explained by a crash is mended and told, all else is refused.</summary>
public sealed class DamagedDataTests : IAsyncDisposable
{
    private const int Keys = 40;

    private readonly string _directory = Directory.CreateTempSubdirectory("k8sconsul-e2e-").FullName;

    private string Data => Path.Combine(_directory, "alone");

    private string LogFile => Directory.EnumerateFiles(Path.Combine(Data, "raft", "wal"), "*.wal").Order(StringComparer.Ordinal).First();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_torn_tail_is_cut_and_nothing_acknowledged_is_lost(bool isGarbage)
    {
        await using AgentProcess server = await WrittenServerAsync();
        await server.KillAsync();
        long end = await EndOfDataAsync();

        // The beginning of a frame that was never acknowledged, as a power failure leaves it: all zeros but the first bytes, or noise.
        byte[] torn = new byte[isGarbage ? 3000 : 13];
        new Random(Keys).NextBytes(torn);
        Assert.NotEqual(0, torn[^1]);
        await using (FileStream file = File.OpenWrite(LogFile))
        {
            file.Position = end;
            file.Write(torn);
        }

        server.Start();
        await AssertAllKeysAsync(server);
        string warning = string.Create(CultureInfo.InvariantCulture, $"raft log ended in an unfinished write, which was cut: file={LogFile} offset={end} bytes={torn.Length}");
        Assert.Contains("[WARN]", Assert.Single(server.Log.Split('\n'), line => line.Contains(warning, StringComparison.Ordinal)), StringComparison.Ordinal);

        // Cut once and for all.
        await server.KillAsync();
        server.Start();
        await AssertAllKeysAsync(server);
        Assert.Single(server.Log.Split('\n'), line => line.Contains("unfinished write", StringComparison.Ordinal));
        AgentPair.AssertNoStackFrames(server.Log);
    }

    [Fact]
    public async Task Damage_in_the_middle_of_the_log_refuses_the_start_and_touches_nothing()
    {
        await using AgentProcess server = await WrittenServerAsync();
        await server.KillAsync();
        long middle = await EndOfDataAsync() / 2;
        await using (var file = new FileStream(LogFile, FileMode.Open))
        {
            file.Position = middle;
            int old = file.ReadByte();
            file.Position = middle;
            file.WriteByte((byte)(old ^ 0x55));
        }

        byte[] before = await File.ReadAllBytesAsync(LogFile);
        server.Start();
        Assert.Equal(1, await server.EndAsync());
        Assert.Contains("Failed to start Raft: read " + LogFile + ": damaged at offset ", server.Log, StringComparison.Ordinal);
        Assert.Contains("Do not delete single files.", server.Log, StringComparison.Ordinal);
        AgentPair.AssertNoStackFrames(server.Log);
        byte[] after = await File.ReadAllBytesAsync(LogFile);
        Assert.True(before.AsSpan().SequenceEqual(after), "the damaged file was changed");
    }

    [Fact]
    public async Task A_log_that_is_gone_refuses_the_start_when_a_snapshot_needs_it()
    {
        await using AgentProcess server = await WrittenServerAsync();
        await server.KillAsync();
        await using (var file = new FileStream(LogFile, FileMode.Open))
        {
            file.SetLength(file.Length / 4096 * 1024);
        }

        server.Start();
        Assert.Equal(1, await server.EndAsync());
        Assert.Contains("damaged at offset", server.Log, StringComparison.Ordinal);
        AgentPair.AssertNoStackFrames(server.Log);
    }

    [Theory]
    [InlineData(10_000, true)]
    [InlineData(1, false)]
    public async Task Damaged_snapshots_are_passed_over_when_the_log_covers_them_and_refuse_the_start_when_not(int trailingLogs, bool isCovered)
    {
        const int Retained = 2;
        string often = string.Create(CultureInfo.InvariantCulture, $"-hcl=raft_snapshot_threshold = 10 raft_snapshot_interval = \"1s\" raft_trailing_logs = {trailingLogs}");
        await using AgentProcess server = await WrittenServerAsync(often);
        string[] snapshots = [];
        await Eventually.TrueAsync(
            "two snapshots are there, hence the log is cut behind the first",
            async () =>
            {
                await server.Http.PutAsync("/v1/kv/more", new StringContent("x"));
                snapshots = [.. Directory.EnumerateFiles(Path.Combine(Data, "raft", "snapshots"), "*.snap").Order(StringComparer.Ordinal)];
                return snapshots.Length == Retained;
            },
            () => server.Log);
        await server.KillAsync();
        snapshots = [.. Directory.EnumerateFiles(Path.Combine(Data, "raft", "snapshots"), "*.snap").Order(StringComparer.Ordinal)];
        foreach (string snapshot in snapshots)
        {
            byte[] content = await File.ReadAllBytesAsync(snapshot);
            content[content.Length / 2] ^= 0x55;
            await File.WriteAllBytesAsync(snapshot, content);
        }

        server.Start();
        string damage = $"read {snapshots[^1]}: damaged at offset ";
        if (isCovered)
        {
            await AssertAllKeysAsync(server);
            Assert.Contains("newest raft snapshot is damaged, but the log covers it: error=\"" + damage, server.Log, StringComparison.Ordinal);
        }
        else
        {
            Assert.Equal(1, await server.EndAsync());
            Assert.Contains("Failed to start Raft: " + damage, server.Log, StringComparison.Ordinal);
            Assert.Contains("Do not delete single files.", server.Log, StringComparison.Ordinal);
        }

        AgentPair.AssertNoStackFrames(server.Log);
    }

    [Theory]
    [InlineData("serf/local.snapshot")]
    [InlineData("services/0123456789abcdef0123456789abcdef")]
    [InlineData("checks/0123456789abcdef0123456789abcdef")]
    [InlineData("checks/state/0123456789abcdef0123456789abcdef")]
    public async Task A_damaged_file_beside_the_log_costs_no_more_than_what_it_held(string name)
    {
        await using AgentProcess server = await WrittenServerAsync();
        HttpResponseMessage registered = await server.Http.PutAsync("/v1/agent/service/register", new StringContent("""{"Name":"web","Check":{"TTL":"1h"}}"""));
        Assert.True(registered.IsSuccessStatusCode);
        await server.KillAsync();
        string path = Path.Combine(Data, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllTextAsync(path, "garbage\u0001\u0002{\n\n}");
        server.Start();
        await AssertAllKeysAsync(server);
        Assert.Contains("\"web\"", await server.Http.GetStringAsync("/v1/agent/services"), StringComparison.Ordinal);
        AgentPair.AssertNoStackFrames(server.Log);
        if (name.StartsWith("services", StringComparison.Ordinal))
        {
            Assert.Contains($"Failed decoding service file: file={path} error=\"invalid character 'g' looking for beginning of value\"", server.Log, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_data_directory_in_use_is_refused_and_its_owner_goes_on()
    {
        await using AgentProcess server = await WrittenServerAsync();
        await using var second = new AgentProcess("second", _directory, "-server", "-bootstrap", "-data-dir=" + Data);
        second.Start();
        Assert.Equal(1, await second.EndAsync());
        Assert.Contains("another process is using this data directory", second.Log, StringComparison.Ordinal);
        AgentPair.AssertNoStackFrames(second.Log);
        await AssertAllKeysAsync(server);
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_directory, recursive: true);
        return ValueTask.CompletedTask;
    }

    private static async Task AssertAllKeysAsync(AgentProcess server)
    {
        for (int i = 0; i < Keys; i++)
        {
            string key = string.Create(CultureInfo.InvariantCulture, $"/v1/kv/kept/{i}");
            await Eventually.TrueAsync(key, async () => await server.Http.GetStringAsync(key + "?raw") == key, () => server.Log);
        }
    }

    private async Task<AgentProcess> WrittenServerAsync(params string[] more)
    {
        var server = new AgentProcess("alone", _directory, ["-server", "-bootstrap", .. more]);
        server.Start();
        for (int i = 0; i < Keys; i++)
        {
            string key = string.Create(CultureInfo.InvariantCulture, $"/v1/kv/kept/{i}");
            await Eventually.TrueAsync(
                "the key is written",
                async () => (await (await server.Http.PutAsync(key, new StringContent(key))).Content.ReadAsStringAsync()).Trim() == "true",
                () => server.Log);
        }

        return server;
    }

    /// <summary>From frame to frame, for the padding of the last one belongs to it although it looks like the zeros behind the log.</summary>
    private async Task<long> EndOfDataAsync()
    {
        const int SegmentHeadBytes = 64;
        const int FrameHeadBytes = 32;
        const int FrameHeadLength = 21;
        const int BodyBytesAt = 17;
        byte[] content = await File.ReadAllBytesAsync(LogFile);
        int end = SegmentHeadBytes;
        while (BinaryPrimitives.ReadInt32LittleEndian(content.AsSpan(end)) == FrameHeadLength)
        {
            end += FrameHeadBytes + (int)BinaryPrimitives.ReadInt64LittleEndian(content.AsSpan(end + BodyBytesAt));
        }

        Assert.Equal(-1, content.AsSpan(end).IndexOfAnyExcept((byte)0));
        Assert.NotEqual(SegmentHeadBytes, end);
        return end;
    }
}
