using System.Globalization;

namespace K8sConsul.Histories;

/// <summary>An operation on one line, as a person who looks for the mistake wants it.</summary>
internal static class OperationText
{
    public static string Describe(Operation operation) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Interval(operation),-28} client {operation.Client,-3} {Call(operation)} -> {Answer(operation)}{Place(operation)}");

    private static string Interval(Operation operation) => operation.Returned == long.MaxValue
        ? string.Create(CultureInfo.InvariantCulture, $"[{operation.Invoked} .. ?]")
        : string.Create(CultureInfo.InvariantCulture, $"[{operation.Invoked} .. {operation.Returned}]");

    private static string Call(Operation operation) => operation.Kind switch
    {
        OperationKind.Read => $"read {operation.Key}",
        OperationKind.Write => $"write {operation.Key} = {Quoted(operation.Value)}",
        OperationKind.CompareAndSet => string.Create(CultureInfo.InvariantCulture, $"write {operation.Key} = {Quoted(operation.Value)} if at {operation.ExpectedIndex}"),
        OperationKind.Delete => $"delete {operation.Key}",
        OperationKind.DeleteIfUnchanged => string.Create(CultureInfo.InvariantCulture, $"delete {operation.Key} if at {operation.ExpectedIndex}"),
        OperationKind.Acquire => $"acquire {operation.Key} = {Quoted(operation.Value)} for {operation.Session}",
        OperationKind.Release => $"release {operation.Key} = {Quoted(operation.Value)} for {operation.Session}",
        OperationKind.DestroySession => $"destroy session {operation.Session}",
        _ => operation.Kind.ToString(),
    };

    private static string Answer(Operation operation) => operation switch
    {
        { Kind: OperationKind.Read, Returned: long.MaxValue } => "no answer",
        { Kind: OperationKind.Read, Exists: false } => "absent",
        { Kind: OperationKind.Read } => Entry(operation),
        { Succeeded: true } => "true",
        { Succeeded: false } => "false",
        _ => "unknown",
    };

    private static string Entry(Operation read)
    {
        string holder = read.ReadSession is { Length: > 0 } session ? ", held by " + session : string.Empty;
        return string.Create(CultureInfo.InvariantCulture, $"{Quoted(read.ReadValue)} at {read.ModifyIndex}, lock index {read.LockIndex}{holder}");
    }

    private static string Place(Operation operation) => operation.Server is { } server ? $" ({server})" : string.Empty;

    private static string Quoted(string? value) => "\"" + value + "\"";
}
