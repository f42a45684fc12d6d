namespace K8sConsul.Filter;

/// <summary>One selectable thing of a row: knows which operators it takes and what its sub-fields are.</summary>
internal abstract class Field<T>
{
    /// <summary>Ties a match to this field, of whose selector <paramref name="depth"/> names are used up.</summary>
    public Binding<T> Bind(MatchRequest request, int depth)
        => depth < request.Length ? BindBelow(request, depth) : BindHere(request);

    protected abstract Binding<T> BindHere(MatchRequest request);

    /// <summary>Goes on to the field that the next name selects; a field without any refuses the name.</summary>
    protected virtual Binding<T> BindBelow(MatchRequest request, int depth) => request.UnknownSelector<T>(depth);

    /// <summary>Named fields side by side; nothing can be asked of the structure itself.</summary>
    internal sealed class Structure : Field<T>
    {
        private readonly Dictionary<string, Field<T>> _fields = new(StringComparer.Ordinal);

        public void Add(ReadOnlySpan<string> path, Field<T> field)
        {
            if (path.Length == 1)
            {
                _fields.Add(path[0], field);
                return;
            }

            if (!_fields.TryGetValue(path[0], out Field<T>? inner))
            {
                inner = new Structure();
                _fields.Add(path[0], inner);
            }

            if (inner is not Structure structure)
            {
                throw new InvalidOperationException($"Field {path[0]} is no structure, so it cannot hold {path[1]}.");
            }

            structure.Add(path[1..], field);
        }

        protected override Binding<T> BindHere(MatchRequest request) => request.InvalidOperator<T>();

        protected override Binding<T> BindBelow(MatchRequest request, int depth)
            => _fields.TryGetValue(request.Name(depth), out Field<T>? field)
                ? field.Bind(request, depth + 1)
                : request.UnknownSelector<T>(depth);
    }
}
