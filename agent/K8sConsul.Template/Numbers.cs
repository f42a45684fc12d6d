using System.Diagnostics.CodeAnalysis;

namespace K8sConsul.Template;

/// <summary>Boxed numbers read in the width that Go would.</summary>
internal static class Numbers
{
    public static long Signed(object? data)
    {
        return data switch
        {
            nint value => value,
            int value => value,
            long value => value,
            short value => value,
            sbyte value => value,
            ITemplateText { Value: { } inner } => Signed(inner),
            _ => 0,
        };
    }

    public static ulong Unsigned(object? data)
    {
        return data switch
        {
            nuint value => value,
            ulong value => value,
            uint value => value,
            ushort value => value,
            byte value => value,
            ITemplateText { Value: { } inner } => Unsigned(inner),
            _ => 0,
        };
    }

    public static double Real(object? data)
    {
        return data switch
        {
            double value => value,
            float value => value,
            ITemplateText { Value: { } inner } => Real(inner),
            _ => 0,
        };
    }

    /// <summary>A number of the given kind, of which only the low bits count, as in Go's conversions.</summary>
    public static object Convert(long value, GoKind kind)
    {
        return kind switch
        {
            GoKind.Int => (object)(nint)value,
            GoKind.Int8 => unchecked((sbyte)value),
            GoKind.Int16 => unchecked((short)value),
            GoKind.Int32 => unchecked((int)value),
            GoKind.Uint => unchecked((nuint)value),
            GoKind.Uint8 => unchecked((byte)value),
            GoKind.Uint16 => unchecked((ushort)value),
            GoKind.Uint32 => unchecked((uint)value),
            GoKind.Uint64 => unchecked((ulong)value),
            GoKind.Float32 => (float)value,
            GoKind.Float64 => (double)value,
            _ => value,
        };
    }

    /// <summary>The data as a <typeparamref name="T"/>. Go's int may be boxed as either of .NET's <c>nint</c> and <c>int</c>.</summary>
    public static bool TryCast<T>(object data, [MaybeNullWhen(false)] out T value)
    {
        switch (data)
        {
            case T same:
                value = same;
                return true;
            case int narrow when typeof(T) == typeof(nint):
                value = (T)(object)(nint)narrow;
                return true;
            case nint wide when typeof(T) == typeof(int) && wide is >= int.MinValue and <= int.MaxValue:
                value = (T)(object)(int)wide;
                return true;
            default:
                value = default;
                return false;
        }
    }
}
