namespace K8sConsul.Template;

/// <summary>What a Go type is made of, whatever it is called.</summary>
public enum GoKind
{
    Bool,
    Int,
    Int8,
    Int16,
    Int32,
    Int64,
    Uint,
    Uint8,
    Uint16,
    Uint32,
    Uint64,
    Float32,
    Float64,
    Complex128,
    String,
    Slice,
    Map,
    Struct,
    Pointer,
    Function,
    Interface,
}
