using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace K8sConsul.Grpc;

/// <summary>
/// Answers gRPC requests from a method table. It is an application for Kestrel by itself, or one branch of another:
/// <see cref="DispatchAsync"/> needs only the request's features.
/// </summary>
public sealed partial class GrpcDispatcher(GrpcMethodTable methods, GrpcServerOptions options, ILogger logger, CancellationToken stopping = default) : IHttpApplication<IFeatureCollection>
{
    /// <summary>Whether a request is gRPC at all, by its content type.</summary>
    public static bool IsGrpc(IHttpRequestFeature request)
    {
        string contentType = request.Headers.ContentType.ToString();
        return contentType.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase)
            && (contentType.Length == 16 || contentType[16] is '+' or ';');
    }

    public async Task DispatchAsync(IFeatureCollection features)
    {
        IHttpRequestFeature request = features.GetRequiredFeature<IHttpRequestFeature>();
        IHttpResponseFeature response = features.GetRequiredFeature<IHttpResponseFeature>();
        if (!IsGrpc(request))
        {
            response.StatusCode = 415;
            return;
        }

        if (!string.Equals(request.Method, "POST", StringComparison.Ordinal))
        {
            response.StatusCode = 405;
            response.Headers.Allow = "POST";
            return;
        }

        response.StatusCode = 200;
        response.Headers.ContentType = "application/grpc";
        response.Headers["grpc-accept-encoding"] = "identity";
        Relax(features);

        string? timeoutText = request.Headers["grpc-timeout"];
        TimeSpan? timeout = null;
        GrpcStatus? refused = null;
        if (timeoutText is not null)
        {
            if (GrpcTimeout.TryParse(timeoutText, out TimeSpan parsed))
            {
                timeout = parsed;
            }
            else
            {
                refused = new GrpcStatus(GrpcStatusCode.Internal, $"malformed time-out: \"{timeoutText}\"");
            }
        }

        CancellationToken aborted = features.GetRequiredFeature<IHttpRequestLifetimeFeature>().RequestAborted;
        using CancellationTokenSource? deadline = timeout is { } t && t.TotalMilliseconds < uint.MaxValue - 1 ? new CancellationTokenSource(t, options.Time) : null;
        using CancellationTokenSource linked = CancellationTokenSource.CreateLinkedTokenSource(aborted, stopping, deadline?.Token ?? default);
        GrpcServerCall call = new(features, options, new GrpcServerContext(features, request.Path, timeout, linked.Token));
        GrpcStatus status;
        if (refused is { } already)
        {
            status = already;
        }
        else if (methods.TryFind(request.Path, out GrpcServerMethod? method))
        {
            status = await InvokeAsync(method, call, deadline, aborted).ConfigureAwait(false);
        }
        else
        {
            status = new GrpcStatus(GrpcStatusCode.Unimplemented, methods.DescribeMissing(request.Path));
        }

        if (!aborted.IsCancellationRequested)
        {
            await call.CompleteAsync(status).ConfigureAwait(false);
        }
    }

    IFeatureCollection IHttpApplication<IFeatureCollection>.CreateContext(IFeatureCollection contextFeatures) => contextFeatures;

    Task IHttpApplication<IFeatureCollection>.ProcessRequestAsync(IFeatureCollection context) => DispatchAsync(context);

    void IHttpApplication<IFeatureCollection>.DisposeContext(IFeatureCollection context, Exception? exception)
    {
    }

    private async ValueTask<GrpcStatus> InvokeAsync(
        GrpcServerMethod method, GrpcServerCall call, CancellationTokenSource? deadline, CancellationToken aborted)
    {
        try
        {
            await method.InvokeAsync(call).ConfigureAwait(false);
            return GrpcStatus.OK;
        }
        catch (GrpcException e)
        {
            return e.Status;
        }
        catch (Exception e) when (aborted.IsCancellationRequested)
        {
            // Nobody is left to be told; a handler's failure after that is worth a line only when it is not about that.
            if (e is not (OperationCanceledException or IOException or Microsoft.AspNetCore.Connections.ConnectionAbortedException))
            {
                LogHandlerFailed(logger, call.Context.Path, e);
            }

            return new GrpcStatus(GrpcStatusCode.Canceled, "context canceled");
        }
        catch (OperationCanceledException) when (deadline?.IsCancellationRequested == true)
        {
            return GrpcException.DeadlineExceeded().Status;
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return new GrpcStatus(GrpcStatusCode.Unavailable, "transport is closing");
        }
        catch (Exception e)
        {
            LogHandlerFailed(logger, call.Context.Path, e);
            return new GrpcStatus(GrpcStatusCode.Unknown, e.Message);
        }
    }

    /// <summary>Kestrel's guards against slow and large HTTP requests do not fit streams, whose messages have their own bound.</summary>
    private static void Relax(IFeatureCollection features)
    {
        if (features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = null;
        }

        if (features.Get<Microsoft.AspNetCore.Server.Kestrel.Core.Features.IHttpMinRequestBodyDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = null;
        }
    }
}
