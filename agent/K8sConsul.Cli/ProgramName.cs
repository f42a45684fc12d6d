using System.Runtime.InteropServices;

namespace K8sConsul.Cli;

/// <summary>The name by which the program was called. A link named <c>consul-template</c> is all of that program.</summary>
internal static partial class ProgramName
{
    public const string Template = "consul-template";

    /// <summary>Of the kernel's notes for a new process: the path that was given to execve.</summary>
    private const nuint CalledPath = 31;

    public static bool IsTemplate()
    {
        string called = Called();
        return called.EndsWith(Template, StringComparison.Ordinal) && (called.Length == Template.Length || called[^(Template.Length + 1)] == '/');
    }

    /// <summary>Native code is told by the system. The shared runtime only tells the file with the code, which is the same under every name.</summary>
    private static string Called()
    {
        string name = Environment.GetCommandLineArgs()[0];
        return name.EndsWith(".dll", StringComparison.Ordinal) && OperatingSystem.IsLinux()
            ? Marshal.PtrToStringUTF8(AuxiliaryValue(CalledPath)) ?? name
            : name;
    }

    [LibraryImport("libc", EntryPoint = "getauxval")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint AuxiliaryValue(nuint type);
}
