using System.Text;
using K8sConsul.Contracts.Client;
using K8sConsul.Go;
using K8sConsul.TemplateRunner.Data;

namespace K8sConsul.TemplateRunner.Watching;

/// <summary>A file: looked at every two seconds, read when its time, size or mode is another.</summary>
internal sealed class FileFetcher(string path, TimeProvider time) : IDependencyFetcher
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    /// <summary>Its text goes into a template.</summary>
    private const int FileBytesMax = 64 * 1024 * 1024;

    private (DateTime Modified, long Length, UnixFileMode Mode)? _seen;

    public async ValueTask<FetchAnswer> FetchAsync(FetchRequest request, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (request.Index > 0)
            {
                await Task.Delay(Interval, time, cancellationToken).ConfigureAwait(false);
            }

            (DateTime Modified, long Length, UnixFileMode Mode) now = Look();
            if (request.Index > 0 && now == _seen)
            {
                continue;
            }

            byte[] content = GoFile.TryReadAll(path, FileBytesMax, out string error) ?? throw new DependencyFailedException(error);

            // What was seen before reading: a change in between is read again.
            _seen = now;
            return new FetchAnswer(new FileData(Encoding.UTF8.GetString(content)), request.Index + 1, TimeSpan.Zero);
        }
    }

    private (DateTime Modified, long Length, UnixFileMode Mode) Look()
    {
        try
        {
            // A link's target: a mounted ConfigMap changes by changing the link.
            var file = new FileInfo(path);
            FileSystemInfo target = file.LinkTarget is null ? file : file.ResolveLinkTarget(returnFinalTarget: true) ?? file;
            return target.Exists && target is FileInfo { Length: var length }
                ? (target.LastWriteTimeUtc, length, target.UnixFileMode)
                : throw new DependencyFailedException($"stat {path}: no such file or directory");
        }
        catch (Exception failure) when (GoErrors.IsFileFailure(failure))
        {
            throw new DependencyFailedException($"stat {path}: {GoErrors.OfFile(failure)}", failure);
        }
    }
}
