namespace K8sConsul.Gossip;

/// <summary>
/// Fills a nonce. It must never repeat under one key, so the shell gives a cryptographic generator and tests give a counter.
/// Called from any thread.
/// </summary>
public delegate void NonceSource(Span<byte> nonce);
