namespace K8sConsul.Agent.Logging;

/// <summary>Takes finished lines. Called by one thread at a time.</summary>
internal interface ILogSink
{
    /// <summary>The line has its line end, and the format of the configuration.</summary>
    void Write(string line);
}
