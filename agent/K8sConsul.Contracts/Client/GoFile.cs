using K8sConsul.Go;

namespace K8sConsul.Contracts.Client;

/// <summary>Opens and reads files with Go's error texts: <c>open X: no such file or directory</c>, <c>read X: is a directory</c>.</summary>
public static class GoFile
{
    /// <param name="path">As the user gave it; an empty one does not exist.</param>
    /// <param name="error">Empty when opened.</param>
    public static FileStream? TryOpen(string path, out string error)
    {
        error = string.Empty;
        try
        {
            if (path.Length > 0)
            {
                return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            }

            error = "open : no such file or directory";
        }
        catch (Exception failure) when (GoErrors.IsFileFailure(failure))
        {
            // Go opens a directory and fails at the first read; .NET refuses to open it.
            error = Directory.Exists(path) ? $"read {path}: is a directory" : $"open {path}: {GoErrors.OfFile(failure)}";
        }

        return null;
    }

    /// <param name="path">As the user gave it.</param>
    /// <param name="bytesMax">A longer file is refused.</param>
    /// <param name="error">Empty when read.</param>
    public static byte[]? TryReadAll(string path, int bytesMax, out string error)
    {
        using FileStream? file = TryOpen(path, out error);
        if (file is null)
        {
            return null;
        }

        try
        {
            return BoundedRead.ToEnd(file, bytesMax);
        }
        catch (InvalidDataException)
        {
            error = $"read {path}: longer than the {bytesMax} bytes allowed";
        }
        catch (IOException failure)
        {
            error = $"read {path}: {GoErrors.OfFile(failure)}";
        }

        return null;
    }
}
