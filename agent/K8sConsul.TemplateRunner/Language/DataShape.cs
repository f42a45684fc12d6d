using K8sConsul.Template;

namespace K8sConsul.TemplateRunner.Language;

/// <summary>How templates see one of the data types: its Go name, and its fields in the order in which they print.</summary>
internal sealed class DataShape<T>
    where T : class
{
    private readonly Dictionary<string, Func<T, object?>> _readers = new(StringComparer.Ordinal);

    public DataShape(string name, params (string Name, Func<T, object?> Read)[] fields)
    {
        Pointer = GoType.PointerTo(GoType.Struct("dependency." + name));
        List = GoType.SliceOf(Pointer);
        FieldNames = [.. fields.Select(static field => field.Name)];
        foreach ((string field, Func<T, object?> read) in fields)
        {
            _readers.Add(field, read);
        }
    }

    public GoType Pointer { get; }

    public GoType List { get; }

    public IReadOnlyList<string> FieldNames { get; }

    public ITemplateObject View(T value)
    {
        return new DataView(this, value);
    }

    public TemplateList Views(IEnumerable<T> values)
    {
        return new TemplateList(List, [.. values.Select(View)]);
    }

    private sealed class DataView(DataShape<T> shape, T value) : ITemplateObject
    {
        public GoType Type => shape.Pointer;

        public IReadOnlyList<string> FieldNames => shape.FieldNames;

        public bool TryGetField(string name, out object? field)
        {
            field = null;
            if (!shape._readers.TryGetValue(name, out Func<T, object?>? read))
            {
                return false;
            }

            field = read(value);
            return true;
        }
    }
}
