namespace K8sConsul.EndToEnd.Tests;

/// <summary>The repository that the tests were built from.</summary>
internal static class Checkout
{
    public static string Root { get; } = Find();

    public static string File(string path) => Path.Combine(Root, path);

    private static string Find()
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (System.IO.File.Exists(Path.Combine(at.FullName, "K8sConsul.sln")))
            {
                return at.FullName;
            }
        }

        throw new InvalidOperationException("no K8sConsul.sln above " + AppContext.BaseDirectory);
    }
}
