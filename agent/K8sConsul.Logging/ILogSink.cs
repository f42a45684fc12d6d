namespace K8sConsul.Logging;

/// <summary>Takes finished lines. Called by one thread at a time.</summary>
public interface ILogSink
{
    /// <summary>The line has its line end, and the format of the configuration.</summary>
    void Write(string line);
}
