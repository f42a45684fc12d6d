using System.Collections;

namespace K8sConsul.Template;

/// <summary>.NET's dictionaries of one key and value type.</summary>
internal sealed class MapShape<TKey, TValue>(GoType type) : Shape
    where TKey : notnull
{
    public override GoType TypeOf(object data) => type;

    public override int Count(object data) => ((IReadOnlyDictionary<TKey, TValue>)data).Count;

    public override bool TryGet(object data, object key, out object? value)
    {
        if (Numbers.TryCast(key, out TKey? typed) && ((IReadOnlyDictionary<TKey, TValue>)data).TryGetValue(typed!, out TValue? found))
        {
            value = found;
            return true;
        }

        value = null;
        return false;
    }

    public override IEnumerable<KeyValuePair<object, object?>> Entries(object data)
    {
        foreach ((TKey key, TValue value) in (IReadOnlyDictionary<TKey, TValue>)data)
        {
            yield return KeyValuePair.Create<object, object?>(key, value);
        }
    }
}

/// <summary>Maps that the host describes.</summary>
internal sealed class DescribedMapShape : Shape
{
    public override GoType TypeOf(object data) => ((ITemplateMap)data).Type;

    public override int Count(object data) => ((ITemplateMap)data).Count;

    public override bool TryGet(object data, object key, out object? value) => ((ITemplateMap)data).TryGet(key, out value);

    public override IEnumerable<KeyValuePair<object, object?>> Entries(object data) => ((ITemplateMap)data).Entries;
}

/// <summary>Dictionaries of types that the table does not hold: taken as maps from text to anything.</summary>
internal sealed class UntypedMapShape(GoType type) : Shape
{
    public override GoType TypeOf(object data) => type;

    public override int Count(object data) => ((IDictionary)data).Count;

    public override bool TryGet(object data, object key, out object? value)
    {
        var map = (IDictionary)data;
        bool found = map.Contains(key);
        value = found ? map[key] : null;
        return found;
    }

    public override IEnumerable<KeyValuePair<object, object?>> Entries(object data)
    {
        foreach (DictionaryEntry entry in (IDictionary)data)
        {
            yield return KeyValuePair.Create(entry.Key, entry.Value);
        }
    }
}
