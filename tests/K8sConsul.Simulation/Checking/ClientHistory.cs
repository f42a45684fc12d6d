using K8sConsul.Histories;
using K8sConsul.Simulation.World;

namespace K8sConsul.Simulation.Checking;

/// <summary>
/// What clients saw, and nothing else, put before the checker that real processes are checked with: one order of all calls must explain every answer.
/// It knows neither the log nor the model, and so is a second opinion.
/// </summary>
internal static class ClientHistory
{
    public static void Check(IReadOnlyList<Call> calls, bool areDefaultReadsPromised)
    {
        List<Operation> operations = [];
        foreach (Call call in calls)
        {
            if (call.Outcome == CallOutcome.Refused || (call.IsRead && call.Outcome != CallOutcome.Succeeded))
            {
                continue;
            }

            operations.AddRange(OperationsOf(call, areDefaultReadsPromised));
        }

        CheckResult result = Linearizability.Check(operations);
        SimulationViolationException.Require(result.IsLinearizable || result.IsUndecided, $"no order of the calls explains what clients saw: {result.Explanation}");
    }

    private static IEnumerable<Operation> OperationsOf(Call call, bool areDefaultReadsPromised)
    {
        switch (call.Kind)
        {
            case CallKind.ReadConsistent:
            case CallKind.ReadDefault when areDefaultReadsPromised:
            case CallKind.ReadPair:
                yield return Of(call, call.Key, OperationKind.Read);
                break;
            case CallKind.Put:
                yield return Of(call, call.Key, OperationKind.Write);
                break;
            case CallKind.PutPair:
                yield return Of(call, call.Key, OperationKind.Write);
                yield return Of(call, SimulatedServer.PairOf(call.Key), OperationKind.Write);
                break;
            case CallKind.CompareAndSet:
                yield return Of(call, call.Key, OperationKind.CompareAndSet);
                break;
            case CallKind.Delete:
                yield return Of(call, call.Key, OperationKind.Delete);
                break;
            case CallKind.DeleteIfUnchanged:
                yield return Of(call, call.Key, OperationKind.DeleteIfUnchanged);
                break;
            case CallKind.SessionDestroy:
                yield return Of(call, string.Empty, OperationKind.DestroySession);
                break;

            // A lock that was refused may have met a session that was never made, which a key's history cannot tell.
            case CallKind.Acquire when call.Outcome != CallOutcome.Lost:
                yield return Of(call, call.Key, OperationKind.Acquire);
                break;
            case CallKind.Release:
                yield return Of(call, call.Key, OperationKind.Release);
                break;
            default:
                break;
        }
    }

    private static Operation Of(Call call, string key, OperationKind kind) => new()
    {
        Client = call.Client,
        Key = key,
        Kind = kind,
        Invoked = call.Invoked,
        Returned = call.Outcome == CallOutcome.Unknown ? long.MaxValue : call.Returned,
        Value = call.Value,
        ExpectedIndex = call.ExpectedIndex,
        Session = call.Session.Length == 0 ? null : call.Session,
        Succeeded = call.Outcome switch { CallOutcome.Succeeded => true, CallOutcome.Lost => false, _ => null },
        Exists = call.Seen is not null,
        ReadValue = call.Seen?.Value,
        ReadSession = call.Seen is { Session.Length: > 0 } seen ? seen.Session : null,
        ModifyIndex = call.Seen?.ModifyIndex ?? 0,
        LockIndex = call.Seen?.LockIndex ?? 0,
    };
}
