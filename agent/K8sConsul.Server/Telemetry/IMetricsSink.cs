namespace K8sConsul.Server.Telemetry;

/// <summary>Told of every observation, on the observer's thread: it must neither wait nor fail.</summary>
public interface IMetricsSink
{
    void Observed(Instrument instrument, float value);
}
