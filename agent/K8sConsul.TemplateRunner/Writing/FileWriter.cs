using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using K8sConsul.Go;
using K8sConsul.TemplateRunner.Configuration;

namespace K8sConsul.TemplateRunner.Writing;

/// <summary>
/// Puts a text where a destination wants it. Whoever reads the destination sees the former file or the new one, whole: the text
/// is written beside it, flushed, and renamed over it.
/// </summary>
internal sealed class FileWriter(Owners owners)
{
    private const UnixFileMode NewFileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    private const UnixFileMode NewFolderMode = NewFileMode | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private static readonly UTF8Encoding _utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>Writes unless the destination is already as it should be.</summary>
    /// <param name="config">Where and how.</param>
    /// <param name="text">What.</param>
    /// <returns>True when the file is another now.</returns>
    /// <exception cref="RenderFailedException">The former file is as it was.</exception>
    public bool Write(TemplateConfig config, string text)
    {
        using PreparedFile? prepared = Prepare(config, text);
        prepared?.Commit();
        return prepared is not null;
    }

    /// <summary>Writes the text beside the destination, unless that is already as it should be: then null.</summary>
    /// <inheritdoc cref="Write"/>
    /// <returns>To be committed, or dropped; null for nothing to do.</returns>
    public PreparedFile? Prepare(TemplateConfig config, string text)
    {
        string path = config.Destination;
        if (path.Length == 0)
        {
            throw new RenderFailedException("missing destination");
        }

        try
        {
            int? user = owners.UserOf(config.User);
            int? group = owners.GroupOf(config.Group);
            byte[] content = _utf8.GetBytes(text);
            FileState? former = FileState.Of(path);
            if (former is { } state && IsAsWanted(state, config.Perms, user, group) && HasContent(path, content))
            {
                return null;
            }

            PrepareFolder(path, config.CreateDestDirs);
            return config.WriteInPlace
                ? new OverwritingFile(config, content, user, group)
                : new ReplacingFile(config, MakeReplacement(config, content, former, user, group), hasFormer: former is not null);
        }
        catch (Exception failure) when (GoErrors.IsFileFailure(failure))
        {
            throw new RenderFailedException($"open {path}: {GoErrors.OfFile(failure)}", failure);
        }
    }

    /// <summary>Adds to the end of the destination; other than <see cref="Write"/> it leaves a moment in which part of the text is there.</summary>
    /// <param name="config">Where and how.</param>
    /// <param name="text">What.</param>
    /// <exception cref="RenderFailedException">The text, or part of it, was not added.</exception>
    public void Append(TemplateConfig config, string text)
    {
        string path = config.Destination;
        try
        {
            int? user = owners.UserOf(config.User);
            int? group = owners.GroupOf(config.Group);
            PrepareFolder(path, config.CreateDestDirs);
            UnixFileMode mode = config.Perms != UnixFileMode.None ? config.Perms : NewFileMode;
            var options = new FileStreamOptions { Mode = FileMode.Append, Access = FileAccess.Write, BufferSize = 0, UnixCreateMode = mode };
            using (FileStream file = new(path, options))
            {
                file.Write(_utf8.GetBytes(text));
                file.Flush(flushToDisk: true);
            }

            GiveTo(path, former: null, user, group);
            if (config.Perms != UnixFileMode.None)
            {
                File.SetUnixFileMode(path, config.Perms);
            }
        }
        catch (Exception failure) when (GoErrors.IsFileFailure(failure))
        {
            throw new RenderFailedException($"open {path}: {GoErrors.OfFile(failure)}", failure);
        }
    }

    private static bool IsAsWanted(FileState state, UnixFileMode mode, int? user, int? group)
    {
        return (mode == UnixFileMode.None || mode == state.Mode)
            && (user is null || user == state.User)
            && (group is null || group == state.Group);
    }

    private static bool HasContent(string path, ReadOnlySpan<byte> content)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        if (file.Length != content.Length)
        {
            return false;
        }

        Span<byte> buffer = stackalloc byte[4096];
        while (!content.IsEmpty)
        {
            int count = file.Read(buffer[..Math.Min(buffer.Length, content.Length)]);
            if (count == 0 || !buffer[..count].SequenceEqual(content[..count]))
            {
                return false;
            }

            content = content[count..];
        }

        return true;
    }

    private static void PrepareFolder(string path, bool create)
    {
        string folder = FolderOf(path);
        if (Directory.Exists(folder))
        {
            return;
        }

        if (!create)
        {
            throw new RenderFailedException("parent directory is missing");
        }

        Directory.CreateDirectory(folder, NewFolderMode);
    }

    private static string FolderOf(string path)
    {
        return Path.GetDirectoryName(Path.GetFullPath(path)) ?? "/";
    }

    private static string MakeReplacement(TemplateConfig config, byte[] content, FileState? former, int? user, int? group)
    {
        string path = config.Destination;
        string temporary = Path.Combine(FolderOf(path), string.Create(
            CultureInfo.InvariantCulture, $".{Path.GetFileName(path)}.{Environment.ProcessId}-{Guid.NewGuid():N}.tmp"));
        try
        {
            MakePrivate(temporary, content);
            GiveTo(temporary, former, user, group);
            File.SetUnixFileMode(temporary, config.Perms != UnixFileMode.None ? config.Perms : former?.Mode ?? NewFileMode);
            return temporary;
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>Nobody else reads it before it has its owner: the text may hold secrets.</summary>
    private static void MakePrivate(string path, byte[] content)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            BufferSize = 0,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        using FileStream file = new(path, options);
        file.Write(content);
        file.Flush(flushToDisk: true);
    }

    /// <summary>The owner that was asked for must be had; the former one is kept if it may be given.</summary>
    private static void GiveTo(string file, FileState? former, int? user, int? group)
    {
        if (user is not null || group is not null)
        {
            if (NativeFiles.ChangeOwner(file, user ?? former?.User ?? NativeFiles.Unchanged, group ?? former?.Group ?? NativeFiles.Unchanged) != 0)
            {
                throw new RenderFailedException($"chown {file}: {GoErrors.OfErrno(Marshal.GetLastPInvokeError())}");
            }
        }
        else if (former is { } state)
        {
            // Only root may give files away; others write files that are theirs.
            _ = NativeFiles.ChangeOwner(file, state.User, state.Group);
        }
    }

    /// <summary>By a hard link, so that the destination is never without a file; the backup before this one is kept until that has worked.</summary>
    private static void KeepFormer(string path)
    {
        string backup = path + ".bak";
        string older = path + ".old.bak";
        bool hadBackup = File.Exists(backup);
        if (hadBackup)
        {
            File.Move(backup, older, overwrite: true);
        }

        if (NativeFiles.Link(path, backup) != 0)
        {
            int error = Marshal.GetLastPInvokeError();
            if (hadBackup)
            {
                File.Move(older, backup, overwrite: true);
            }

            throw new RenderFailedException($"link {path} {backup}: {GoErrors.OfErrno(error)}");
        }

        if (hadBackup)
        {
            File.Delete(older);
        }
    }

    /// <summary>A new file takes the place of the former one in one step.</summary>
    private sealed class ReplacingFile(TemplateConfig config, string temporary, bool hasFormer) : PreparedFile(config.Destination)
    {
        public override string CheckPath => temporary;

        public override void Dispose()
        {
            File.Delete(temporary);
        }

        protected override void CommitFile()
        {
            if (config.Backup && hasFormer)
            {
                KeepFormer(config.Destination);
            }

            File.Move(temporary, config.Destination, overwrite: true);
        }
    }

    /// <summary>The same file gets another content: whoever reads meanwhile may see part of it.</summary>
    private sealed class OverwritingFile(TemplateConfig config, byte[] content, int? user, int? group) : PreparedFile(config.Destination)
    {
        private string? _temporary;

        /// <summary>Made when somebody asks: the folder of a file that is mounted by itself is often read-only.</summary>
        public override string CheckPath
        {
            get
            {
                if (_temporary is null)
                {
                    string path = Path.Combine(Path.GetTempPath(), string.Create(CultureInfo.InvariantCulture, $"consul-template-{Guid.NewGuid():N}"));
                    MakePrivate(path, content);
                    _temporary = path;
                }

                return _temporary;
            }
        }

        public override void Dispose()
        {
            if (_temporary is not null)
            {
                File.Delete(_temporary);
            }
        }

        protected override void CommitFile()
        {
            string path = config.Destination;
            if (config.Backup && File.Exists(path))
            {
                File.Copy(path, path + ".bak", overwrite: true);
            }

            UnixFileMode mode = config.Perms != UnixFileMode.None ? config.Perms : NewFileMode;
            var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.Write, BufferSize = 0, UnixCreateMode = mode };
            using (FileStream file = new(path, options))
            {
                file.Write(content);
                file.SetLength(content.Length);
                file.Flush(flushToDisk: true);
            }

            GiveTo(path, former: null, user, group);
            if (config.Perms != UnixFileMode.None)
            {
                File.SetUnixFileMode(path, config.Perms);
            }
        }
    }
}
