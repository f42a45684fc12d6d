using System.Collections;
using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Numerics;
using K8sConsul.Go;

namespace K8sConsul.Template;

/// <summary>
/// Plain .NET data as Go would see it: <c>nint</c> and <c>int</c> are Go's int, <c>long</c> int64, <c>double</c> float64,
/// <c>byte[]</c> <c>[]uint8</c>, <c>List&lt;object?&gt;</c> and <c>object?[]</c> <c>[]interface {}</c>,
/// <c>Dictionary&lt;string, object?&gt;</c> <c>map[string]interface {}</c>, and so on; null is nil.
/// </summary>
/// <remarks>The table is made by generic code that the compiler sees, so that nothing is looked up by name when it runs.</remarks>
public static partial class GoData
{
    private static readonly UntypedListShape s_anyList = new(GoType.SliceOf(GoType.Any));
    private static readonly UntypedMapShape s_anyMap = new(GoType.MapOf(GoType.String, GoType.Any));
    private static readonly DescribedListShape s_describedList = new();
    private static readonly DescribedMapShape s_describedMap = new();

    private static readonly Table s_table = new();

    // Of types that the table does not hold: found by trying, and remembered.
    private static readonly ConcurrentDictionary<Type, Shape> s_discovered = new();

    /// <summary>The Go type of a value; null for nil.</summary>
    public static GoType? TypeOf(object? data)
    {
        return data is null ? null : ShapeOf(data).TypeOf(data);
    }

    /// <summary>The Go type that a parameter or result of a .NET type stands for. A type that the table does not hold is any.</summary>
    internal static GoType TypeOf<T>()
    {
        return s_table.Types.GetValueOrDefault(typeof(T), GoType.Any);
    }

    internal static Shape ShapeOf(object data)
    {
        Type type = data.GetType();
        return s_table.Shapes.TryGetValue(type, out Shape? shape) || s_discovered.TryGetValue(type, out shape)
            ? shape
            : s_discovered.GetOrAdd(type, static (_, value) => Discover(value), data);
    }

    /// <summary>The items of a list or map, and how many bytes a text has.</summary>
    internal static int Count(object? data)
    {
        return data switch
        {
            null => 0,
            string text => Utf8Text.Length(text),
            _ => ShapeOf(data).Count(data),
        };
    }

    /// <summary>What stands for nil where a function takes a list or map: an empty one.</summary>
    internal static object? EmptyOf(Type parameter)
    {
        return s_table.Conversions.TryGetValue(parameter, out Func<object?, object>? convert) ? convert(null) : null;
    }

    /// <summary>A list or map of the host's own make, copied into the .NET type that a function takes.</summary>
    internal static object? ConvertTo(Type parameter, object data)
    {
        return s_table.Conversions.TryGetValue(parameter, out Func<object?, object>? convert) ? convert(data) : null;
    }

    private static Shape Discover(object data)
    {
        return data switch
        {
            ITemplateObject or TemplateFunction or ITemplateText => ObjectShape.Instance,
            ITemplateList => s_describedList,
            ITemplateMap => s_describedMap,
            _ => s_table.Families.FirstOrDefault(family => family.Matches(data)).Shape ?? data switch
            {
                IDictionary => s_anyMap,
                IList => s_anyList,
                _ => ObjectShape.Instance,
            },
        };
    }

    private sealed class Table
    {
        private readonly Dictionary<Type, GoType> _types = [];
        private readonly Dictionary<Type, Shape> _shapes = [];
        private readonly Dictionary<Type, Func<object?, object>> _conversions = [];
        private readonly List<(Func<object, bool> Matches, Shape Shape)> _families = [];

        public Table()
        {
            AddScalars();
            AddItem<string>(GoType.String);
            AddItem<bool>(GoType.Bool);
            AddItem<nint>(GoType.Int);
            AddItem<int>(GoType.Int);
            AddItem<long>(GoType.Int64);
            AddItem<short>(GoType.Int16);
            AddItem<sbyte>(GoType.Int8);
            AddItem<nuint>(GoType.Uint);
            AddItem<ulong>(GoType.Uint64);
            AddItem<uint>(GoType.Uint32);
            AddItem<ushort>(GoType.Uint16);
            AddItem<byte>(GoType.Uint8);
            AddItem<double>(GoType.Float64);
            AddItem<float>(GoType.Float32);
            AddNested();
            // Last: every list of references is also one of objects.
            AddItem<object?>(GoType.Any);
            AddOtherMaps();
            Types = _types.ToFrozenDictionary();
            Shapes = _shapes.ToFrozenDictionary();
            Conversions = _conversions.ToFrozenDictionary();
            Families = [.. _families];
        }

        public FrozenDictionary<Type, GoType> Types { get; }

        public FrozenDictionary<Type, Shape> Shapes { get; }

        public FrozenDictionary<Type, Func<object?, object>> Conversions { get; }

        /// <summary>How a type that is none of the exact ones is recognised, in the order of trying.</summary>
        public (Func<object, bool> Matches, Shape Shape)[] Families { get; }

        private void AddScalars()
        {
            AddScalar<string>(GoType.String);
            AddScalar<bool>(GoType.Bool);
            AddScalar<nint>(GoType.Int);
            AddScalar<int>(GoType.Int);
            AddScalar<long>(GoType.Int64);
            AddScalar<short>(GoType.Int16);
            AddScalar<sbyte>(GoType.Int8);
            AddScalar<nuint>(GoType.Uint);
            AddScalar<ulong>(GoType.Uint64);
            AddScalar<uint>(GoType.Uint32);
            AddScalar<ushort>(GoType.Uint16);
            AddScalar<byte>(GoType.Uint8);
            AddScalar<double>(GoType.Float64);
            AddScalar<float>(GoType.Float32);
            AddScalar<Complex>(GoType.Complex128);
            _types[typeof(object)] = GoType.Any;
        }

        private void AddNested()
        {
            GoType anyMap = GoType.MapOf(GoType.String, GoType.Any);
            GoType textMap = GoType.MapOf(GoType.String, GoType.String);
            GoType anyList = GoType.SliceOf(GoType.Any);
            GoType textList = GoType.SliceOf(GoType.String);
            AddList<Dictionary<string, object?>>(anyMap);
            AddList<Dictionary<string, string>>(textMap);
            AddList<List<object?>>(anyList);
            AddList<List<string>>(textList);
            AddList<string[]>(textList);
            AddList<nint[]>(GoType.SliceOf(GoType.Int));
            AddList<byte[]>(GoType.SliceOf(GoType.Uint8));
            AddMap<string, Dictionary<string, object?>>(GoType.String, anyMap);
            AddMap<string, Dictionary<string, string>>(GoType.String, textMap);
            AddMap<string, List<object?>>(GoType.String, anyList);
            AddMap<string, List<string>>(GoType.String, textList);
            AddMap<string, string[]>(GoType.String, textList);
        }

        private void AddScalar<T>(GoType type)
            where T : notnull
        {
            _types[typeof(T)] = type;
            _shapes[typeof(T)] = new ScalarShape(type);
        }

        private void AddItem<T>(GoType type)
        {
            AddList<T>(type);
            AddMap<string, T>(GoType.String, type);
        }

        // Every pair of types costs code of its own in a native program: these are what hosts have.
        private void AddOtherMaps()
        {
            AddMap<nint, string>(GoType.Int, GoType.String);
            AddMap<int, string>(GoType.Int, GoType.String);
            AddMap<nint, object?>(GoType.Int, GoType.Any);
            AddMap<int, object?>(GoType.Int, GoType.Any);
            AddMap<long, object?>(GoType.Int64, GoType.Any);
            AddMap<double, object?>(GoType.Float64, GoType.Any);
            AddMap<bool, object?>(GoType.Bool, GoType.Any);
            AddMap<object, object?>(GoType.Any, GoType.Any);
        }

        private void AddList<T>(GoType element)
        {
            GoType type = GoType.SliceOf(element);
            var shape = new ListShape<T>(type);
            foreach (Type list in new[] { typeof(List<T>), typeof(T[]) })
            {
                _shapes[list] = shape;
                _types[list] = type;
            }

            _types[typeof(IReadOnlyList<T>)] = type;
            _types[typeof(IList<T>)] = type;
            _families.Add((data => data is IReadOnlyList<T>, shape));
            _conversions[typeof(IReadOnlyList<T>)] = data => ToArray<T>(data);
            _conversions[typeof(T[])] = data => ToArray<T>(data);
            _conversions[typeof(IList<T>)] = data => ToArray<T>(data).ToList();
            _conversions[typeof(List<T>)] = data => ToArray<T>(data).ToList();
        }

        private void AddMap<TKey, TValue>(GoType key, GoType element)
            where TKey : notnull
        {
            GoType type = GoType.MapOf(key, element);
            var shape = new MapShape<TKey, TValue>(type);
            _shapes[typeof(Dictionary<TKey, TValue>)] = shape;
            _types[typeof(Dictionary<TKey, TValue>)] = type;
            _types[typeof(IReadOnlyDictionary<TKey, TValue>)] = type;
            _types[typeof(IDictionary<TKey, TValue>)] = type;
            _families.Add((data => data is IReadOnlyDictionary<TKey, TValue>, shape));
            _conversions[typeof(IReadOnlyDictionary<TKey, TValue>)] = data => ToDictionary<TKey, TValue>(data);
            _conversions[typeof(IDictionary<TKey, TValue>)] = data => ToDictionary<TKey, TValue>(data);
            _conversions[typeof(Dictionary<TKey, TValue>)] = data => ToDictionary<TKey, TValue>(data);
        }

        private static T[] ToArray<T>(object? data)
        {
            if (data is null)
            {
                return [];
            }

            Shape shape = ShapeOf(data);
            var items = new T[shape.Count(data)];
            for (int i = 0; i < items.Length; i++)
            {
                items[i] = Cast<T>(shape.ItemAt(data, i));
            }

            return items;
        }

        private static Dictionary<TKey, TValue> ToDictionary<TKey, TValue>(object? data)
            where TKey : notnull
        {
            var map = new Dictionary<TKey, TValue>();
            if (data is not null)
            {
                foreach ((object key, object? value) in ShapeOf(data).Entries(data))
                {
                    map[Cast<TKey>(key)] = Cast<TValue>(value);
                }
            }

            return map;
        }

        private static T Cast<T>(object? item)
        {
            return item is not null && Numbers.TryCast(item, out T? cast) ? cast! : default!;
        }
    }
}
