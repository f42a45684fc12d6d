using System.Collections.Immutable;
using Microsoft.Extensions.Logging;

namespace K8sConsul.Agent.Local;

/// <summary>One full or partial sync: carries out a plan and marks what the catalog has confirmed.</summary>
internal sealed partial class SyncRun(LocalState state, ICatalogSync catalog, ISyncTokens tokens, ILogger logger)
{
    private readonly List<string> _errors = [];

    /// <summary>Compares with the catalog, then syncs; false when either failed.</summary>
    public async Task<bool> FullAsync(CancellationToken stop)
    {
        RemoteRead read = await catalog.ReadAsync(AgentToken, stop).ConfigureAwait(false);
        if (read.Answer.Outcome != CatalogOutcome.Done || read.Node is null)
        {
            LogFullSyncFailed(logger, read.Answer.Error);
            return false;
        }

        state.Reconcile(read.Node);
        return await RunAsync(static (l, e) => LogFullSyncFailed(l, e), stop).ConfigureAwait(false);
    }

    /// <summary>Syncs what is marked; false when something failed.</summary>
    public Task<bool> ChangesAsync(CancellationToken stop) => RunAsync(static (l, e) => LogChangesFailed(l, e), stop);

    private string AgentToken => tokens.Agent.Length > 0 ? tokens.Agent : tokens.Default;

    private async Task<bool> RunAsync(Action<ILogger, string> failed, CancellationToken stop)
    {
        if (state.Node is null)
        {
            return false;
        }

        LocalSnapshot plan = state.Current;
        foreach (SyncOperation operation in SyncPlan.Of(plan, id => ServiceToken(plan, id), id => CheckToken(plan, id)))
        {
            stop.ThrowIfCancellationRequested();
            await ExecuteAsync(operation, stop).ConfigureAwait(false);
            if (operation is SyncOperation.NodeInfo && _errors.Count > 0)
            {
                // Everything else would fail the same way, or write the node's row besides.
                break;
            }
        }

        if (_errors.Count == 0)
        {
            return true;
        }

        failed(logger, string.Join("; ", _errors));
        return false;
    }

    private Task ExecuteAsync(SyncOperation operation, CancellationToken stop) => operation switch
    {
        SyncOperation.NodeInfo => SyncNodeInfoAsync(stop),
        SyncOperation.Service service => SyncServiceAsync(service, stop),
        SyncOperation.RemoveService service => RemoveServiceAsync(service.Id, stop),
        SyncOperation.Check check => SyncCheckAsync(check.Id, stop),
        SyncOperation.RemoveCheck check => RemoveCheckAsync(check.Id, stop),
        _ => throw new System.Diagnostics.UnreachableException(operation.ToString()),
    };

    private async Task SyncNodeInfoAsync(CancellationToken stop)
    {
        NodeInfo node = state.Node!;
        CatalogAnswer answer = await catalog.RegisterAsync(
            new CatalogRegistration { Node = node, SkipNodeUpdate = false, Token = AgentToken }, stop).ConfigureAwait(false);
        switch (answer.Outcome)
        {
            case CatalogOutcome.Done:
                state.MarkNodeInfoInSync(node);
                LogSyncedNode(logger);
                break;
            case CatalogOutcome.PermissionDenied or CatalogOutcome.AclNotFound:
                state.MarkNodeInfoInSync(node);
                LogNodeBlocked(logger, node.Id);
                break;
            default:
                LogNodeFailed(logger, answer.Error);
                _errors.Add(answer.Error);
                break;
        }
    }

    private async Task SyncServiceAsync(SyncOperation.Service operation, CancellationToken stop)
    {
        // What is newest now: the plan may be older than the last change.
        LocalSnapshot now = state.Current;
        if (!now.Services.TryGetValue(operation.Id, out LocalService? service) || service.InSync)
        {
            return;
        }

        string token = ServiceToken(now, service.Id);
        ImmutableArray<LocalCheck> checks =
        [
            .. now.ChecksOf(service.Id).Where(check => !check.InSync && string.Equals(CheckToken(now, check.Id), token, StringComparison.Ordinal)),
        ];
        NodeInfo node = state.Node!;
        CatalogAnswer answer = await catalog.RegisterAsync(
            new CatalogRegistration { Node = node, SkipNodeUpdate = now.NodeInfoInSync, Service = service.Definition, Checks = checks, Token = token },
            stop).ConfigureAwait(false);
        switch (answer.Outcome)
        {
            case CatalogOutcome.Done:
                // A registration writes the node's row as well.
                state.MarkNodeInfoInSync(node);
                state.MarkInSync(service, checks);
                LogSyncedService(logger, service.Id);
                break;
            case CatalogOutcome.PermissionDenied or CatalogOutcome.AclNotFound:
                state.MarkInSync(service, checks);
                LogServiceBlocked(logger, service.Id);
                break;
            default:
                LogServiceFailed(logger, service.Id, answer.Error);
                _errors.Add(answer.Error);
                break;
        }
    }

    private async Task SyncCheckAsync(string id, CancellationToken stop)
    {
        LocalSnapshot now = state.Current;
        if (!now.Checks.TryGetValue(id, out LocalCheck? check) || check.InSync)
        {
            return;
        }

        NodeInfo node = state.Node!;
        CatalogAnswer answer = await catalog.RegisterAsync(
            new CatalogRegistration
            {
                Node = node,
                SkipNodeUpdate = now.NodeInfoInSync,
                Service = now.Services.GetValueOrDefault(check.ServiceId)?.Definition,
                Checks = [check],
                Token = CheckToken(now, id),
            },
            stop).ConfigureAwait(false);
        switch (answer.Outcome)
        {
            case CatalogOutcome.Done:
                state.MarkNodeInfoInSync(node);
                state.MarkInSync(service: null, [check]);
                LogSyncedCheck(logger, id);
                break;
            case CatalogOutcome.PermissionDenied or CatalogOutcome.AclNotFound:
                state.MarkInSync(service: null, [check]);
                LogCheckBlocked(logger, id);
                break;
            default:
                LogCheckFailed(logger, id, answer.Error);
                _errors.Add(answer.Error);
                break;
        }
    }

    private async Task RemoveServiceAsync(string id, CancellationToken stop)
    {
        if (!state.Current.DeletedServices.Contains(id))
        {
            return;
        }

        CatalogAnswer answer = await catalog.DeregisterAsync(
            new CatalogDeregistration(state.Node!.Name, ServiceId: id, CheckId: "", AgentToken), stop).ConfigureAwait(false);
        switch (answer.Outcome)
        {
            case CatalogOutcome.Done or CatalogOutcome.Unknown:
                state.ForgetDeletedService(id);
                LogDeregisteredService(logger, id);
                break;
            case CatalogOutcome.PermissionDenied or CatalogOutcome.AclNotFound:
                // Forgotten until the next full sync finds it in the catalog again.
                state.ForgetDeletedService(id);
                LogServiceDeregistrationBlocked(logger, id);
                break;
            default:
                LogServiceDeregistrationFailed(logger, id, answer.Error);
                _errors.Add(answer.Error);
                break;
        }
    }

    private async Task RemoveCheckAsync(string id, CancellationToken stop)
    {
        if (!state.Current.DeletedChecks.ContainsKey(id))
        {
            return;
        }

        CatalogAnswer answer = await catalog.DeregisterAsync(
            new CatalogDeregistration(state.Node!.Name, ServiceId: "", CheckId: id, AgentToken), stop).ConfigureAwait(false);
        switch (answer.Outcome)
        {
            case CatalogOutcome.Done or CatalogOutcome.Unknown:
                state.ForgetDeletedCheck(id);
                LogDeregisteredCheck(logger, id);
                break;
            case CatalogOutcome.PermissionDenied or CatalogOutcome.AclNotFound:
                state.ForgetDeletedCheck(id);
                LogCheckDeregistrationBlocked(logger, id);
                break;
            default:
                LogCheckDeregistrationFailed(logger, id, answer.Error);
                _errors.Add(answer.Error);
                break;
        }
    }

    private string ServiceToken(LocalSnapshot snapshot, string id)
    {
        LocalService service = snapshot.Services[id];
        return Token(service.Token, service.Source);
    }

    private string CheckToken(LocalSnapshot snapshot, string id)
    {
        LocalCheck check = snapshot.Checks[id];
        return Token(check.Token, check.Source);
    }

    private string Token(string own, RegistrationSource source) =>
        own.Length > 0 ? own
        : source == RegistrationSource.Config && tokens.ConfigFileRegistration.Length > 0 ? tokens.ConfigFileRegistration
        : tokens.Default;
}
