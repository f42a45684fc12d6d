namespace K8sConsul.EndToEnd.Tests.BadInput;

/// <summary>What an agent that must not start is given.</summary>
/// <param name="Name">What is wrong.</param>
/// <param name="Arguments">Beside those that every agent gets; the last of a kind wins.</param>
internal sealed record StartCase(string Name, Func<StartPlace, string[]> Arguments)
{
    /// <summary>Files to be found in the data directory.</summary>
    public Action<StartPlace> Prepare { get; init; } = static _ => { };

    /// <summary>Not as root, who may do everything.</summary>
    public bool Unprivileged { get; init; }
}

/// <param name="DataDirectory">Of this one start; not there unless the case makes it.</param>
/// <param name="Occupier">A running agent, on whose ports nobody else can be.</param>
internal sealed record StartPlace(string DataDirectory, AgentProcess Occupier)
{
    public void Write(string name, string content)
    {
        string path = Path.Combine(DataDirectory, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
    }
}
