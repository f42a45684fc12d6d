namespace K8sConsul.Histories.Tests;

/// <summary>Operations of one key in few words. Clients are numbered by nobody: a call is its interval.</summary>
internal static class Calls
{
    private const string Key = "k";

    public static Operation Read(long from, long to, string? value, ulong index = 0, string? session = null, ulong lockIndex = 0) => new()
    {
        Client = 0, Key = Key, Kind = OperationKind.Read, Invoked = from, Returned = to,
        ReadValue = value, Exists = value is not null, ModifyIndex = index, ReadSession = session, LockIndex = lockIndex,
    };

    public static Operation Write(long from, long to, string value) => Change(OperationKind.Write, from, to) with { Value = value };

    public static Operation Cas(long from, long to, string value, ulong index, bool? succeeded = true) =>
        Change(OperationKind.CompareAndSet, from, to, succeeded) with { Value = value, ExpectedIndex = index };

    public static Operation Delete(long from, long to) => Change(OperationKind.Delete, from, to);

    public static Operation DeleteCas(long from, long to, ulong index, bool? succeeded = true) =>
        Change(OperationKind.DeleteIfUnchanged, from, to, succeeded) with { ExpectedIndex = index };

    public static Operation Acquire(long from, long to, string session, string value, bool? succeeded = true) =>
        Change(OperationKind.Acquire, from, to, succeeded) with { Session = session, Value = value };

    public static Operation Release(long from, long to, string session, string value, bool? succeeded = true) =>
        Change(OperationKind.Release, from, to, succeeded) with { Session = session, Value = value };

    public static Operation Destroy(long from, long to, string session) =>
        Change(OperationKind.DestroySession, from, to) with { Key = string.Empty, Session = session };

    /// <summary>The same call, never answered.</summary>
    public static Operation Unknown(Operation operation) => operation with { Returned = long.MaxValue, Succeeded = null };

    private static Operation Change(OperationKind kind, long from, long to, bool? succeeded = true) => new()
    {
        Client = 0, Key = Key, Kind = kind, Invoked = from, Returned = to, Succeeded = succeeded,
    };
}
