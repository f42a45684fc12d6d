using K8sConsul.TemplateRunner.Configuration;
using K8sConsul.TemplateRunner.Writing;

namespace K8sConsul.TemplateRunner.Tests.Writing;

public sealed class FileWriterTests : IDisposable
{
    private const UnixFileMode Mode600 = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Mode644 = Mode600 | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode Mode640 = Mode600 | UnixFileMode.GroupRead;

    private readonly TempFolder _folder = new();
    private readonly FileWriter _writer = new(new Owners());

    private string Target => _folder.Path("out/a.conf");

    private TemplateConfig Config => new() { Source = "s", Destination = Target };

    public void Dispose()
    {
        _folder.Dispose();
    }

    [Fact]
    public void A_new_file_is_written_with_its_folder()
    {
        Assert.True(_writer.Write(Config, "häl\n"));
        Assert.Equal("häl\n"u8.ToArray(), File.ReadAllBytes(Target));
        Assert.Equal(Mode644, File.GetUnixFileMode(Target));
        OnlyTheFile();
    }

    [Fact]
    public void Equal_content_is_left_alone()
    {
        _folder.Write("out/a.conf", "same");
        var old = new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(Target, old);
        Assert.False(_writer.Write(Config, "same"));
        Assert.Equal(old, File.GetLastWriteTimeUtc(Target));
        Assert.True(_writer.Write(Config, "sama"));
        Assert.True(_writer.Write(Config, "same!"));
        Assert.True(_writer.Write(Config, ""));
        Assert.False(_writer.Write(Config, ""));
        Assert.Equal("", _folder.Read("out/a.conf"));
    }

    /// <summary>A file that is mounted by itself is the same file before and after: a second name of it shows the new text.</summary>
    [Fact]
    public void In_place_the_same_file_gets_the_new_text()
    {
        _folder.Write("out/a.conf", "a long former text");
        using (System.Diagnostics.Process link = System.Diagnostics.Process.Start("ln", [Target, _folder.Path("other")]))
        {
            link.WaitForExit();
        }

        TemplateConfig config = Config with { WriteInPlace = true, Backup = true, Perms = Mode640 };
        Assert.True(_writer.Write(config, "short"));
        Assert.Equal("short", _folder.Read("other"));
        Assert.Equal("a long former text", _folder.Read("out/a.conf.bak"));
        Assert.Equal(Mode640, File.GetUnixFileMode(Target));
        Assert.False(_writer.Write(config, "short"));
        File.Delete(Target);
        Assert.True(_writer.Write(config with { Perms = UnixFileMode.None }, "new"));
        Assert.Equal(Mode644, File.GetUnixFileMode(Target));
    }

    [Fact]
    public void The_mode_of_an_existing_file_is_kept_unless_another_is_wanted()
    {
        _folder.Write("out/a.conf", "1");
        File.SetUnixFileMode(Target, Mode600);
        Assert.True(_writer.Write(Config, "2"));
        Assert.Equal(Mode600, File.GetUnixFileMode(Target));
        Assert.True(_writer.Write(Config with { Perms = Mode640 }, "2"));
        Assert.Equal(Mode640, File.GetUnixFileMode(Target));
        Assert.False(_writer.Write(Config with { Perms = Mode640 }, "2"));
    }

    [Fact]
    public void The_owner_may_be_named_or_numbered()
    {
        (int user, int group) = NativeFiles.OwnerOf(_folder.Path(""))!.Value;
        string users = _folder.Write("passwd", $"x:x:99999:1::/:/bin/sh\nme:x:{user}:{group}::/:/bin/sh\n");
        string groups = _folder.Write("group", $"us:x:{group}:\n");
        var writer = new FileWriter(new Owners(users, groups));
        Assert.True(writer.Write(Config with { User = "me", Group = "us" }, "1"));
        Assert.False(writer.Write(Config with { User = $"{user}", Group = $"{group}" }, "1"));
        Assert.Equal((user, group), NativeFiles.OwnerOf(Target));
        Assert.Equal("user: unknown user nobody-here", Refused(writer, Config with { User = "nobody-here" }));
        Assert.Equal("group: unknown group nobody-here", Refused(writer, Config with { Group = "nobody-here" }));
    }

    [Fact]
    public void A_backup_keeps_the_former_file()
    {
        TemplateConfig config = Config with { Backup = true };
        Assert.True(_writer.Write(config, "1"));
        Assert.False(File.Exists(Target + ".bak"));
        Assert.True(_writer.Write(config, "2"));
        Assert.Equal("1", _folder.Read("out/a.conf.bak"));
        Assert.True(_writer.Write(config, "3"));
        Assert.Equal("2", _folder.Read("out/a.conf.bak"));
        Assert.Equal("3", _folder.Read("out/a.conf"));
        Assert.Equal(2, Directory.GetFiles(_folder.Path("out")).Length);
    }

    [Fact]
    public void Mistakes_are_named_and_leave_the_file_as_it_was()
    {
        Assert.Equal("missing destination", Refused(_writer, Config with { Destination = "" }));
        Assert.Equal("parent directory is missing", Refused(_writer, Config with { CreateDestDirs = false }));
        _folder.Write("out/a.conf", "old");
        Directory.CreateDirectory(_folder.Path("out/a.conf.bak/x"));
        Assert.StartsWith("link ", Refused(_writer, Config with { Backup = true }), StringComparison.Ordinal);
        Assert.Equal("old", _folder.Read("out/a.conf"));
        Assert.Single(Directory.GetFiles(_folder.Path("out")));
        Assert.StartsWith($"open {_folder.Path("out")}: ", Refused(_writer, Config with { Destination = _folder.Path("out") }), StringComparison.Ordinal);
        Assert.StartsWith("open ", Refused(_writer, Config with { Destination = _folder.Path("out/a.conf/below") }), StringComparison.Ordinal);
        Assert.Equal("old", _folder.Read("out/a.conf"));
    }

    /// <summary>Goal: no reader sees an empty or half file. Method: one reads without pause while two texts take turns.</summary>
    [Fact]
    public async Task A_reader_sees_one_whole_text_or_the_other()
    {
        string[] texts = [new string('a', 300_000), new string('b', 200_001)];
        _writer.Write(Config, texts[0]);
        using var stop = new CancellationTokenSource();
        int reads = 0;
        Task observer = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                string seen = File.ReadAllText(Target);
                Assert.True(string.Equals(seen, texts[0], StringComparison.Ordinal) || string.Equals(seen, texts[1], StringComparison.Ordinal), $"{seen.Length} characters");
                Interlocked.Increment(ref reads);
            }
        });
        for (int i = 1; i <= 100 || Volatile.Read(ref reads) < 100; i++)
        {
            Assert.True(_writer.Write(Config, texts[i % 2]));
            Assert.False(observer.IsFaulted, observer.Exception?.ToString());
        }

        await stop.CancelAsync();
        await observer;
        OnlyTheFile();
    }

    [Fact]
    public async Task A_dry_run_prints_where_and_what()
    {
        using var output = new StringWriter();
        Assert.False(await new DryOutput(output).WriteAsync(Config, "text\n", static _ => throw new InvalidOperationException("nothing is checked")));
        Assert.Equal($"> {Target}\ntext\n", output.ToString());
        Assert.False(File.Exists(Target));
    }

    private void OnlyTheFile()
    {
        Assert.Equal([Target], Directory.GetFiles(_folder.Path("out")));
    }

    private static string Refused(FileWriter writer, TemplateConfig config)
    {
        return Assert.Throws<RenderFailedException>(() => writer.Write(config, "x")).Message;
    }
}
