namespace K8sConsul.Grpc.Net;

/// <summary>A TLS handshake failed; the message is Go's, e.g. <c>x509: certificate signed by unknown authority</c>.</summary>
public sealed class TlsHandshakeException(string message, Exception? inner = null) : Exception(message, inner);
