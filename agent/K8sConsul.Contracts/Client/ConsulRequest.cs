namespace K8sConsul.Contracts.Client;

/// <summary>One call of the API as a value: what is sent, and how its answer is understood.</summary>
/// <remarks>Made by the classes of <c>K8sConsul.Contracts.Api</c>, sent by <see cref="ConsulClient"/>.</remarks>
public sealed class ConsulRequest<T>
{
    internal ConsulRequest(string method, string path, Func<ConsulAnswer, T> read)
    {
        Method = method;
        Path = path;
        Read = read;
    }

    internal string Method { get; }

    /// <summary>Not escaped.</summary>
    internal string Path { get; }

    internal QueryString Query { get; } = new();

    /// <summary>A flag that error texts leave out, for they show what Go's client would have sent; empty for none.</summary>
    internal string UnshownFlag { get; init; } = string.Empty;

    /// <summary>Null for none.</summary>
    internal ReadOnlyMemory<byte>? Body { get; init; }

    /// <summary>Throws <see cref="ConsulException"/> for a status it does not know.</summary>
    internal Func<ConsulAnswer, T> Read { get; }

    internal ConsulRequest<T> With(QueryOptions? options)
    {
        options?.AppendTo(Query);
        return this;
    }

    internal ConsulRequest<T> With(string name, string? value)
    {
        Query.AddUnlessEmpty(name, value);
        return this;
    }

    internal ConsulRequest<T> WithFlag(string name, bool present = true)
    {
        Query.AddFlag(name, present);
        return this;
    }
}

/// <summary>A call whose answer is read as it arrives, or whose body is.</summary>
public sealed class ConsulStreamRequest
{
    internal ConsulStreamRequest(string method, string path)
    {
        Method = method;
        Path = path;
    }

    internal string Method { get; }

    internal string Path { get; }

    internal QueryString Query { get; } = new();

    /// <summary>Null for none. The sender does not dispose it.</summary>
    internal Stream? Body { get; init; }
}
