namespace K8sConsul.TemplateRunner.Writing;

/// <summary>Whose a file is, and who may do what with it.</summary>
internal readonly record struct FileState(UnixFileMode Mode, int User, int Group)
{
    /// <summary>Null when there is no such file.</summary>
    public static FileState? Of(string path)
    {
        return File.Exists(path) && NativeFiles.OwnerOf(path) is { } owner
            ? new FileState(File.GetUnixFileMode(path), owner.User, owner.Group)
            : null;
    }
}
