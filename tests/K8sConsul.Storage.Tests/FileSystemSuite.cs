using System.Text;
using K8sConsul.Raft;
using K8sConsul.Storage.Tests.Simulation;

namespace K8sConsul.Storage.Tests;

/// <summary>What the log and the snapshots rely on. The real file system and the simulated one must not differ in it.</summary>
public abstract class FileSystemSuite : IDisposable
{
    private protected abstract IFileSystem Files { get; }

    private protected abstract string Root { get; }

    public void Dispose()
    {
        CleanUp();
        GC.SuppressFinalize(this);
    }

    protected virtual void CleanUp()
    {
    }

    [Fact]
    public void A_new_file_is_empty_and_holds_what_is_written_anywhere()
    {
        using IStorageFile file = Files.Create(PathOf("a"));
        Assert.Equal(0, file.Length);
        file.Write(5, "world"u8);
        file.Write(0, "hello"u8);
        file.Flush();
        Assert.Equal(10, file.Length);
        byte[] all = new byte[20];
        Assert.Equal(10, file.Read(0, all));
        Assert.Equal("helloworld", Encoding.ASCII.GetString(all, 0, 10));
        Assert.Equal(3, file.Read(7, all.AsSpan(0, 3)));
        Assert.Equal(0, file.Read(10, all));
    }

    [Fact]
    public void Create_replaces_and_open_does_not()
    {
        Write("a", "first");
        using (IStorageFile file = Files.Open(PathOf("a"), isWritable: true))
        {
            Assert.Equal(5, file.Length);
        }

        using IStorageFile replaced = Files.Create(PathOf("a"));
        Assert.Equal(0, replaced.Length);
    }

    [Fact]
    public void Names_are_listed_in_ordinal_order_and_only_of_that_directory()
    {
        Files.CreateDirectory(PathOf("sub"));
        Write("b", "");
        Write("a", "");
        Write("C", "");
        Write("sub/d", "");
        Assert.Equal(["C", "a", "b"], Files.List(Root));
        Assert.Equal(["d"], Files.List(PathOf("sub")));
    }

    [Fact]
    public void Rename_replaces_the_target()
    {
        Write("a", "new");
        Write("b", "old");
        Files.Rename(PathOf("a"), PathOf("b"));
        Files.FlushDirectory(Root);
        Assert.Equal(["b"], Files.List(Root));
        Assert.Equal("new", Read("b"));
    }

    [Fact]
    public void An_open_file_stays_readable_when_its_name_is_gone()
    {
        Write("a", "text");
        using IStorageFile file = Files.Open(PathOf("a"), isWritable: false);
        Files.Delete(PathOf("a"));
        byte[] read = new byte[4];
        Assert.Equal(4, file.Read(0, read));
        Assert.Equal("text", Encoding.ASCII.GetString(read));
        Assert.Empty(Files.List(Root));
    }

    [Fact]
    public void SetLength_cuts_and_extends_with_zeros()
    {
        using IStorageFile file = Files.Create(PathOf("a"));
        file.Write(0, "abcdef"u8);
        file.SetLength(2);
        file.SetLength(4);
        byte[] read = new byte[4];
        Assert.Equal(4, file.Read(0, read));
        Assert.Equal("ab\0\0"u8.ToArray(), read);
    }

    [Fact]
    public void What_is_missing_is_reported_with_operation_and_path()
    {
        StorageException problem = Assert.ThrowsAny<StorageException>(() => Files.Open(PathOf("none"), isWritable: false));
        Assert.Equal(("open", PathOf("none")), (problem.Operation, problem.Path));
        Assert.Equal("rename", Assert.ThrowsAny<StorageException>(() => Files.Rename(PathOf("none"), PathOf("b"))).Operation);
        Assert.Equal("create", Assert.ThrowsAny<StorageException>(() => Files.Create(PathOf("no/where"))).Operation);
    }

    [Fact]
    public void A_lock_is_held_once_and_free_again_after_its_release()
    {
        using (Files.Lock(PathOf("lock")))
        {
            Assert.Throws<StorageLockedException>(() => Files.Lock(PathOf("lock")));
        }

        Files.Lock(PathOf("lock")).Dispose();
    }

    private protected string PathOf(string name) => Path.Combine(Root, name);

    private void Write(string name, string text)
    {
        using IStorageFile file = Files.Create(PathOf(name));
        file.Write(0, Encoding.ASCII.GetBytes(text));
        file.Flush();
    }

    private string Read(string name)
    {
        using IStorageFile file = Files.Open(PathOf(name), isWritable: false);
        byte[] bytes = new byte[file.Length];
        file.Read(0, bytes);
        return Encoding.ASCII.GetString(bytes);
    }
}

public sealed class SimulatedFileSystemTests : FileSystemSuite
{
    private readonly SimulatedFileSystem _files = new();

    public SimulatedFileSystemTests() => _files.CreateDirectory(Root);

    private protected override IFileSystem Files => _files;

    private protected override string Root => "/sim";

    [Fact]
    public void A_crash_keeps_flushed_bytes_and_may_lose_others()
    {
        HashSet<string> seen = [];
        for (ulong seed = 0; seed < 30; seed++)
        {
            SimulatedFileSystem files = new();
            files.CreateDirectory(Root);
            using IStorageFile file = files.Create(PathOf("a"));
            file.Write(0, "AA"u8);
            file.Flush();
            files.FlushDirectory(Root);
            file.Write(0, "BB"u8);
            files.PowerOff();
            Assert.ThrowsAny<StorageException>(file.Flush);
            files.PowerOn(new RaftRandom(seed));
            seen.Add(Encoding.ASCII.GetString(files.ReadAll(PathOf("a"))));
        }

        Assert.Equal(["AA", "BB"], seen.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_crash_may_lose_a_name_that_was_not_flushed()
    {
        HashSet<int> seen = [];
        for (ulong seed = 0; seed < 30; seed++)
        {
            SimulatedFileSystem files = new();
            files.CreateDirectory(Root);
            files.Create(PathOf("a")).Dispose();
            files.PowerOff();
            files.PowerOn(new RaftRandom(seed));
            seen.Add(files.List(Root).Count);
        }

        Assert.Equal([0, 1], seen.Order());
    }
}

public sealed class PhysicalFileSystemTests : FileSystemSuite
{
    private readonly string _root = Directory.CreateTempSubdirectory("k8sconsul-files-").FullName;

    private protected override IFileSystem Files => PhysicalFileSystem.Instance;

    private protected override string Root => _root;

    [Fact]
    public void Files_and_directories_are_for_this_user_only()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("there are no Unix modes on Windows");
            return;
        }

        Files.CreateDirectory(PathOf("d"));
        Files.Create(PathOf("d/f")).Dispose();
        const UnixFileMode User = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        Assert.Equal(User | UnixFileMode.UserExecute, File.GetUnixFileMode(PathOf("d")));
        Assert.Equal(User, File.GetUnixFileMode(PathOf("d/f")));
    }

    protected override void CleanUp() => Directory.Delete(_root, recursive: true);
}
