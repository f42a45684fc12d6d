using System.Numerics;
using K8sConsul.Go;

namespace K8sConsul.Template;

/// <summary>Comparisons: whole numbers of any width and sign with each other, else only within one basic kind.</summary>
internal static partial class Builtins
{
    private enum Basic
    {
        None,
        Bool,
        Signed,
        Unsigned,
        Real,
        Complex,
        Text,
    }

    private static Basic BasicOf(Value value)
    {
        return value.Type switch
        {
            null => Basic.None,
            { IsSigned: true } => Basic.Signed,
            { IsUnsigned: true } => Basic.Unsigned,
            { IsFloat: true } => Basic.Real,
            { Kind: GoKind.Bool } => Basic.Bool,
            { Kind: GoKind.Complex128 } => Basic.Complex,
            { Kind: GoKind.String } => Basic.Text,
            _ => Basic.None,
        };
    }

    /// <summary>Whether the first equals any of the others.</summary>
    private static bool AreEqual(TemplateCall call, Value first, ReadOnlySpan<Value> others)
    {
        if (others.IsEmpty)
        {
            throw new TemplateFunctionException("missing argument for comparison");
        }

        first = first.Unwrapped;
        foreach (Value other in others)
        {
            if (AreEqual(call, first, other.Unwrapped))
            {
                return true;
            }
        }

        return false;
    }

    private static bool AreEqual(TemplateCall call, Value left, Value right)
    {
        Basic kind = BasicOf(left);
        if (kind != BasicOf(right))
        {
            if (TryOrderWhole(left, right, out int order))
            {
                return order == 0;
            }

            return left.Exists && right.Exists ? throw Incompatible() : false;
        }

        return kind == Basic.None ? AreEqualComposites(call, left, right) : AreEqualData(kind, left.Data, right.Data);
    }

    private static bool AreEqualData(Basic kind, object? left, object? right)
    {
        return kind switch
        {
            Basic.Bool or Basic.Text => Equals(left, right),
            Basic.Signed => Numbers.Signed(left) == Numbers.Signed(right),
            Basic.Unsigned => Numbers.Unsigned(left) == Numbers.Unsigned(right),
            Basic.Real => Numbers.Real(left) == Numbers.Real(right),
            _ => left is Complex a && right is Complex b && a == b,
        };
    }

    private static bool AreEqualComposites(TemplateCall call, Value left, Value right)
    {
        if (left.Exists && right.Exists && left.Kind != right.Kind)
        {
            string shown = Formatter.Format(call.Execution, "%s", [left]);
            throw new TemplateFunctionException(
                $"non-comparable types {shown}: {left.Type}, {right.Type}: {Formatter.Describe(call.Execution, right)}");
        }

        if (left.IsNil || right.IsNil)
        {
            return left.IsNil && right.IsNil;
        }

        return IsComparable(right)
            ? AreSame(left, right)
            : throw new TemplateFunctionException(
                $"non-comparable type {Formatter.Format(call.Execution, "%s", [right])}: {right.Type}");
    }

    /// <summary>Lists, maps and functions are not, nor is a structure that holds one.</summary>
    private static bool IsComparable(Value value)
    {
        return value.Type?.Kind switch
        {
            GoKind.Slice or GoKind.Map or GoKind.Function => false,
            GoKind.Struct when value.Data is ITemplateObject structure
                => structure.FieldNames.All(field => IsComparable(value.FieldOf(field))),
            _ => true,
        };
    }

    private static bool AreSame(Value left, Value right)
    {
        if (left.Type is null || right.Type is null || !left.Type.Equals(right.Type))
        {
            return left.Type is null && right.Type is null;
        }

        if (BasicOf(left) is not Basic.None and var kind)
        {
            return AreEqualData(kind, left.Data, right.Data);
        }

        if (left.Kind == GoKind.Struct && left.Data is ITemplateObject structure && right.Data is ITemplateObject)
        {
            return structure.FieldNames.All(field => AreSame(left.FieldOf(field).Unwrapped, right.FieldOf(field).Unwrapped));
        }

        return left.Kind == GoKind.Struct ? Equals(left.Data, right.Data) : ReferenceEquals(left.Data, right.Data);
    }

    private static bool IsLess(Value left, Value right)
    {
        left = left.Unwrapped;
        Basic kind = OrderedKindOf(left);
        right = right.Unwrapped;
        if (kind != OrderedKindOf(right))
        {
            return TryOrderWhole(left, right, out int order) ? order < 0 : throw Incompatible();
        }

        return kind switch
        {
            Basic.Signed => Numbers.Signed(left.Data) < Numbers.Signed(right.Data),
            Basic.Unsigned => Numbers.Unsigned(left.Data) < Numbers.Unsigned(right.Data),
            Basic.Real => Numbers.Real(left.Data) < Numbers.Real(right.Data),
            Basic.Text => Utf8Text.Compare((string)left.Data!, (string)right.Data!) < 0,
            _ => throw Unordered(),
        };
    }

    // In two steps, as Go does: between two NaN neither holds.
    private static bool IsLessOrEqual(TemplateCall call, Value[] args)
    {
        return IsLess(args[0], args[1]) || AreEqual(call, args[0], args.AsSpan(1));
    }

    private static Basic OrderedKindOf(Value value)
    {
        return BasicOf(value) is not Basic.None and var kind ? kind : throw Unordered();
    }

    /// <summary>A signed and an unsigned number by value.</summary>
    private static bool TryOrderWhole(Value left, Value right, out int order)
    {
        switch (BasicOf(left), BasicOf(right))
        {
            case (Basic.Signed, Basic.Unsigned):
                order = Order(Numbers.Signed(left.Data), Numbers.Unsigned(right.Data));
                return true;
            case (Basic.Unsigned, Basic.Signed):
                order = -Order(Numbers.Signed(right.Data), Numbers.Unsigned(left.Data));
                return true;
            default:
                order = 0;
                return false;
        }
    }

    private static int Order(long signed, ulong unsigned) => signed < 0 ? -1 : ((ulong)signed).CompareTo(unsigned);

    private static TemplateFunctionException Incompatible() => new("incompatible types for comparison");

    private static TemplateFunctionException Unordered() => new("invalid type for comparison");
}
