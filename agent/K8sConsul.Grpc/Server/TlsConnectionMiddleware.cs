using System.IO.Pipelines;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.Logging;

namespace K8sConsul.Grpc;

/// <summary>
/// TLS below Kestrel's HTTP/2, without the dependency-injection container that its own needs. Options are taken anew for
/// each connection.
/// </summary>
internal sealed partial class TlsConnectionMiddleware(
    ConnectionDelegate next, Func<SslServerAuthenticationOptions> tls, GrpcServerOptions options, ILogger logger)
{
    public async Task OnConnectionAsync(ConnectionContext context)
    {
        SslStream stream = new(new DuplexPipeStream(context.Transport), leaveInnerStreamOpen: true);
        await using (stream.ConfigureAwait(false))
        {
            using (CancellationTokenSource limit = new(options.TlsHandshakeTimeout, options.Time))
            {
                try
                {
                    SslServerAuthenticationOptions handshake = tls();
                    handshake.ApplicationProtocols ??= [SslApplicationProtocol.Http2];
                    await stream.AuthenticateAsServerAsync(handshake, limit.Token).ConfigureAwait(false);
                }
                catch (Exception e) when (e is AuthenticationException or IOException or OperationCanceledException)
                {
                    LogHandshakeFailed(logger, context.RemoteEndPoint, e.Message);
                    return;
                }
            }

            context.Features.Set<ITlsConnectionFeature>(new TlsConnection(stream));
            context.Features.Set<ITlsApplicationProtocolFeature>(new NegotiatedProtocol(stream.NegotiatedApplicationProtocol.Protocol));

            IDuplexPipe plain = context.Transport;
            DuplexPipe secured = new(PipeReader.Create(stream, new StreamPipeReaderOptions(leaveOpen: true, useZeroByteReads: true)), PipeWriter.Create(stream, new StreamPipeWriterOptions(leaveOpen: true)));
            context.Transport = secured;
            try
            {
                await next(context).ConfigureAwait(false);
            }
            finally
            {
                await secured.Input.CompleteAsync().ConfigureAwait(false);
                await secured.Output.CompleteAsync().ConfigureAwait(false);
                context.Transport = plain;
            }
        }
    }

    [LoggerMessage(EventId = 7110, Level = LogLevel.Warning, Message = "grpc: TLS handshake failed: from={RemoteEndPoint} error={Error}")]
    private static partial void LogHandshakeFailed(ILogger logger, System.Net.EndPoint? remoteEndPoint, string error);

    private sealed class TlsConnection(SslStream stream) : ITlsConnectionFeature
    {
        public X509Certificate2? ClientCertificate { get; set; } = stream.RemoteCertificate as X509Certificate2;

        public Task<X509Certificate2?> GetClientCertificateAsync(CancellationToken cancellationToken) => Task.FromResult(ClientCertificate);
    }

    private sealed class NegotiatedProtocol(ReadOnlyMemory<byte> protocol) : ITlsApplicationProtocolFeature
    {
        public ReadOnlyMemory<byte> ApplicationProtocol { get; } = protocol;
    }

    private sealed class DuplexPipe(PipeReader input, PipeWriter output) : IDuplexPipe
    {
        public PipeReader Input { get; } = input;

        public PipeWriter Output { get; } = output;
    }
}
