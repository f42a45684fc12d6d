using System.Text.RegularExpressions;
using K8sConsul.Go;

namespace K8sConsul.Filter;

internal sealed class TextField<T>(Func<T, string?> read) : Field<T>
{
    protected override Binding<T> BindHere(MatchRequest request)
    {
        switch (request.Operator)
        {
            case MatchOperator.Equal or MatchOperator.NotEqual:
            {
                string wanted = request.Value;
                bool negated = request.Operator.IsNegated();
                return new Binding<T>(row => string.Equals(read(row) ?? "", wanted, StringComparison.Ordinal) != negated);
            }

            case MatchOperator.In or MatchOperator.NotIn:
            {
                string part = request.Value;
                bool negated = request.Operator.IsNegated();
                return new Binding<T>(row => (read(row) ?? "").Contains(part, StringComparison.Ordinal) != negated);
            }

            case MatchOperator.Matches or MatchOperator.NotMatches:
            {
                if (!GoRegex.TryCompile(request.Value, out Regex? regex, out string? error))
                {
                    return Binding<T>.Refuse($"Failed to compile regular expression {GoText.Quote(request.Value)}: {error}");
                }

                bool negated = request.Operator.IsNegated();
                return new Binding<T>(row => regex.IsMatch(read(row) ?? "") != negated);
            }

            default:
                return request.InvalidOperator<T>();
        }
    }
}

internal sealed class IntField<T>(Func<T, long> read) : Field<T>
{
    protected override Binding<T> BindHere(MatchRequest request)
    {
        if (request.Operator is not (MatchOperator.Equal or MatchOperator.NotEqual))
        {
            return request.InvalidOperator<T>();
        }

        if (!GoLiteral.TryParseInt(request.Value, out long wanted, out string? error))
        {
            return request.BadValue<T>(error);
        }

        bool negated = request.Operator.IsNegated();
        return new Binding<T>(row => (read(row) == wanted) != negated);
    }
}

internal sealed class BoolField<T>(Func<T, bool> read) : Field<T>
{
    protected override Binding<T> BindHere(MatchRequest request)
    {
        if (request.Operator is not (MatchOperator.Equal or MatchOperator.NotEqual))
        {
            return request.InvalidOperator<T>();
        }

        if (!GoLiteral.TryParseBool(request.Value, out bool wanted, out string? error))
        {
            return request.BadValue<T>(error);
        }

        bool negated = request.Operator.IsNegated();
        return new Binding<T>(row => (read(row) == wanted) != negated);
    }
}
