namespace K8sConsul.Agent.Local.Storage;

/// <summary>A registration could not be written or removed; the message names the operation and the file.</summary>
public sealed class RegistrationStoreException(string operation, string path, Exception inner)
    : IOException($"failed to {operation} {path}: {inner.Message}", inner);
