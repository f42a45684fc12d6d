namespace K8sConsul.Agent.Configuration.Schema;

internal enum ScalarType
{
    Text,
    Flag,
    Integer,

    /// <summary>Go's uint: negative numbers are refused.</summary>
    Unsigned,

    /// <summary>Go's uint32 and uint64, which error texts name so.</summary>
    Unsigned32,
    Unsigned64,

    Real,
}

/// <summary>What a key may hold.</summary>
internal abstract record SchemaNode;

internal sealed record ScalarSchema(ScalarType Type) : SchemaNode;

internal sealed record ListSchema(SchemaNode Item) : SchemaNode;

/// <summary>Keys of the user's choice.</summary>
internal sealed record MapSchema(SchemaNode Value) : SchemaNode;

/// <summary>An object that somebody else understands: it is kept as it is.</summary>
internal sealed record OpaqueSchema : SchemaNode;

/// <summary>Known keys. Spelling does not care for case; aliases (in lower case) are other names of a key.</summary>
internal sealed record ObjectSchema(
    IReadOnlyList<KeyValuePair<string, SchemaNode>> Members, IReadOnlyDictionary<string, string> Aliases) : SchemaNode;
