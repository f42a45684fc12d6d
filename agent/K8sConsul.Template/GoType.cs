using System.Numerics;

namespace K8sConsul.Template;

/// <summary>
/// A Go type as templates see it: in <c>%T</c> and error texts, in what an argument accepts, in what an absent map entry reads as.
/// </summary>
/// <remarks>
/// .NET's own types have theirs by a fixed table (<see cref="GoData"/>); a host describes only the types of its objects, lists
/// and maps. Two types are the same when their names and kinds are.
/// </remarks>
public sealed class GoType : IEquatable<GoType>
{
    private GoType(string name, GoKind kind, GoType? key = null, GoType? element = null, GoType? underlying = null)
    {
        Name = name;
        Kind = kind;
        Key = key;
        Element = element;
        Underlying = underlying ?? this;
    }

    /// <summary>The empty interface: a value of any type, or nil.</summary>
    public static GoType Any { get; } = new("interface {}", GoKind.Interface);

    public static GoType Bool { get; } = new("bool", GoKind.Bool);

    public static GoType Int { get; } = new("int", GoKind.Int);

    public static GoType Int8 { get; } = new("int8", GoKind.Int8);

    public static GoType Int16 { get; } = new("int16", GoKind.Int16);

    public static GoType Int32 { get; } = new("int32", GoKind.Int32);

    public static GoType Int64 { get; } = new("int64", GoKind.Int64);

    public static GoType Uint { get; } = new("uint", GoKind.Uint);

    public static GoType Uint8 { get; } = new("uint8", GoKind.Uint8);

    public static GoType Uint16 { get; } = new("uint16", GoKind.Uint16);

    public static GoType Uint32 { get; } = new("uint32", GoKind.Uint32);

    public static GoType Uint64 { get; } = new("uint64", GoKind.Uint64);

    public static GoType Float32 { get; } = new("float32", GoKind.Float32);

    public static GoType Float64 { get; } = new("float64", GoKind.Float64);

    public static GoType Complex128 { get; } = new("complex128", GoKind.Complex128);

    public static GoType String { get; } = new("string", GoKind.String);

    /// <summary>A parameter of a built-in that takes its argument untouched, static type included.</summary>
    internal static GoType Untouched { get; } = new("reflect.Value", GoKind.Struct);

    /// <summary>As <c>%T</c> prints it: <c>map[string]interface {}</c>, <c>*dependency.HealthService</c>.</summary>
    public string Name { get; }

    public GoKind Kind { get; }

    /// <summary>Of a map.</summary>
    public GoType? Key { get; }

    /// <summary>Of a list or map; what a pointer points to.</summary>
    public GoType? Element { get; }

    /// <summary>What a <see cref="Named"/> type is made of; of others the type itself.</summary>
    public GoType Underlying { get; }

    /// <summary>Whether nil is a value of this type.</summary>
    internal bool HasNil => Kind is GoKind.Interface or GoKind.Map or GoKind.Pointer or GoKind.Slice or GoKind.Function;

    public bool IsSigned => Kind is >= GoKind.Int and <= GoKind.Int64;

    public bool IsUnsigned => Kind is >= GoKind.Uint and <= GoKind.Uint64;

    public bool IsWhole => Kind is >= GoKind.Int and <= GoKind.Uint64;

    public bool IsFloat => Kind is GoKind.Float32 or GoKind.Float64;

    public static GoType SliceOf(GoType element)
    {
        ArgumentNullException.ThrowIfNull(element);
        return new GoType("[]" + element.Name, GoKind.Slice, element: element);
    }

    public static GoType MapOf(GoType key, GoType element)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(element);
        return new GoType($"map[{key.Name}]{element.Name}", GoKind.Map, key, element);
    }

    /// <summary>A structure; its fields are the business of the <see cref="ITemplateObject"/>.</summary>
    public static GoType Struct(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return new GoType(name, GoKind.Struct);
    }

    public static GoType PointerTo(GoType target)
    {
        ArgumentNullException.ThrowIfNull(target);
        return new GoType("*" + target.Name, GoKind.Pointer, element: target);
    }

    /// <summary>A type declared with a name of its own, such as <c>dependency.ServiceTags</c> over <c>[]string</c>.</summary>
    public static GoType Named(string name, GoType underlying)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(underlying);
        return new GoType(name, underlying.Kind, underlying.Key, underlying.Element, underlying.Underlying);
    }

    internal static GoType FunctionOf(IReadOnlyList<GoType> parameters, bool isVariadic, GoType result)
    {
        var names = parameters.Select((parameter, i) => isVariadic && i == parameters.Count - 1 ? "..." + parameter.Name : parameter.Name);
        return new GoType($"func({string.Join(", ", names)}) {result.Name}", GoKind.Function);
    }

    /// <summary>What a variable of this type holds before anything is assigned; null stands for nil and for a structure.</summary>
    internal object? Zero => Kind switch
    {
        GoKind.Bool => false,
        GoKind.Int => (nint)0,
        GoKind.Int8 => (sbyte)0,
        GoKind.Int16 => (short)0,
        GoKind.Int32 or GoKind.Int64 => 0L,
        GoKind.Uint => (nuint)0,
        GoKind.Uint8 => (byte)0,
        GoKind.Uint16 => (ushort)0,
        GoKind.Uint32 => 0U,
        GoKind.Uint64 => 0UL,
        GoKind.Float32 => 0F,
        GoKind.Float64 => 0D,
        GoKind.Complex128 => Complex.Zero,
        GoKind.String => "",
        _ => null,
    };

    /// <summary>
    /// Go's assignability: the same type, the empty interface, or the same make where at least one side has no name of its own.
    /// </summary>
    internal bool IsAssignableTo(GoType target)
    {
        if (target.Kind == GoKind.Interface || Equals(target))
        {
            return true;
        }

        bool bothNamed = HasOwnName && target.HasOwnName;
        return !bothNamed && Underlying.Name == target.Underlying.Name && Kind == target.Kind;
    }

    private bool HasOwnName => !ReferenceEquals(Underlying, this)
        || Kind is not (GoKind.Slice or GoKind.Map or GoKind.Pointer or GoKind.Function or GoKind.Interface);

    public bool Equals(GoType? other)
    {
        return other is not null && Kind == other.Kind && string.Equals(Name, other.Name, StringComparison.Ordinal);
    }

    public override bool Equals(object? obj)
    {
        return Equals(obj as GoType);
    }

    public override int GetHashCode()
    {
        return Name.GetHashCode(StringComparison.Ordinal);
    }

    public override string ToString()
    {
        return Name;
    }
}
