namespace K8sConsul.Cli.Commands.Snapshots;

internal static class SnapshotFiles
{
    /// <summary>The one argument of these commands; null when it is not one, which the user then knows.</summary>
    public static string? TryOneFile(IReadOnlyList<string> arguments, Terminal terminal)
    {
        switch (arguments.Count)
        {
            case 0:
                terminal.Error("Missing FILE argument");
                return null;
            case 1:
                return arguments[0];
            default:
                terminal.Error($"Too many arguments (expected 1, got {arguments.Count})");
                return null;
        }
    }

    /// <summary>A snapshot holds ACL tokens and whatever people keep in the store: it is for its owner only.</summary>
    public static FileStreamOptions CreateOptions()
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return options;
    }
}
