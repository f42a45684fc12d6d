namespace K8sConsul.Dns;

/// <summary>Types of records and of questions that this project names; others pass through as numbers.</summary>
public enum RRType : ushort
{
    None = 0,
    A = 1,
    NS = 2,
    CName = 5,
    Soa = 6,
    Ptr = 12,
    MX = 15,
    Txt = 16,
    Aaaa = 28,
    Srv = 33,
    Opt = 41,
    DS = 43,
    Axfr = 252,
    Any = 255,
}

/// <summary>Classes of RFC 1035 §3.2.4.</summary>
public enum RRClass : ushort
{
    None = 0,
    Internet = 1,
    Chaos = 3,
    Any = 255,
}

/// <summary>What a header's opcode asks for.</summary>
public enum OpCode : byte
{
    Query = 0,
    InverseQuery = 1,
    Status = 2,
    Notify = 4,
    Update = 5,
}

/// <summary>How a query went. NXDOMAIN (no such name) and NODATA (<see cref="NoError"/> without answers) are different answers.</summary>
public enum RCode : byte
{
    NoError = 0,
    FormatError = 1,
    ServerFailure = 2,
    NameError = 3,
    NotImplemented = 4,
    Refused = 5,
}
