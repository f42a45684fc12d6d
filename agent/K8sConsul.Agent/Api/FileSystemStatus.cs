using System.Runtime.InteropServices;

namespace K8sConsul.Agent.Api;

/// <summary>What <c>statvfs</c> says beyond .NET's DriveInfo.</summary>
internal static partial class FileSystemStatus
{
    /// <summary>More than any Linux libc's <c>struct statvfs</c> needs (112 bytes).</summary>
    private const int WordsMax = 32;

    // The first fields are the same in glibc and musl on 64 bits: f_bsize, f_frsize, f_blocks, f_bfree, f_bavail, f_files, f_ffree.
    private const int Files = 5;
    private const int FilesFree = 6;

    /// <summary>All inodes and the free ones of the file system at a path; zeros where the system does not say.</summary>
    public static unsafe (ulong Total, ulong Free) Inodes(string path)
    {
        if (!OperatingSystem.IsLinux() || !Environment.Is64BitProcess)
        {
            return (0, 0);
        }

        ulong* status = stackalloc ulong[WordsMax];
        return StatVfs(path, status) == 0 ? (status[Files], status[FilesFree]) : (0, 0);
    }

    [LibraryImport("libc", EntryPoint = "statvfs", StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int StatVfs(string path, ulong* status);
}
