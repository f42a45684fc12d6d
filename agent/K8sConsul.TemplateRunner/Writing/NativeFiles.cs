using System.Runtime.InteropServices;

namespace K8sConsul.TemplateRunner.Writing;

/// <summary>The few calls about files that .NET does not offer.</summary>
internal static partial class NativeFiles
{
    /// <summary>For an owner or group that stays.</summary>
    public const int Unchanged = -1;

    /// <summary>Of this library, the same on every architecture: the compiler's, not the kernel's, stat differs from one to the next.</summary>
    private const int StatxSize = 256;
    private const int AtCurrentFolder = -100;
    private const uint BasicStats = 0x7ff;
    private const int UserOffset = 0x14;
    private const int GroupOffset = 0x18;

    [LibraryImport("libc", EntryPoint = "chown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int ChangeOwner(string path, int user, int group);

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Link(string existing, string added);

    /// <summary>Of the file a link leads to. Null when there is none.</summary>
    public static unsafe (int User, int Group)? OwnerOf(string path)
    {
        byte* buffer = stackalloc byte[StatxSize];
        return Statx(AtCurrentFolder, path, 0, BasicStats, buffer) == 0
            ? (*(int*)(buffer + UserOffset), *(int*)(buffer + GroupOffset))
            : null;
    }

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int Statx(int folder, string path, int flags, uint mask, byte* buffer);
}
