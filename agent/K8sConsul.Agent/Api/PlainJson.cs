using System.Globalization;
using K8sConsul.Contracts.GoJson;

namespace K8sConsul.Agent.Api;

/// <summary>Writes plain values: nested sorted maps, lists, texts, numbers.</summary>
internal static class PlainJson
{
    public static void Write(GoJsonWriter json, object? value)
    {
        switch (value)
        {
            case null:
                json.Null();
                break;
            case string text:
                json.String(text);
                break;
            case bool flag:
                json.Bool(flag);
                break;
            case int number:
                json.Number(number);
                break;
            case long number:
                json.Number(number);
                break;
            case ulong number:
                json.Number(number);
                break;
            case double number:
                json.Number(number);
                break;
            case SortedDictionary<string, string> map:
                WriteMap(json, map);
                break;
            case SortedDictionary<string, object?> map:
                WriteMap(json, map);
                break;
            case SortedDictionary<string, SortedDictionary<string, string>> map:
                WriteMap(json, map);
                break;
            case IEnumerable<string> list:
                json.BeginArray();
                foreach (string item in list)
                {
                    json.String(item);
                }

                json.EndArray();
                break;
            default:
                json.String(Convert.ToString(value, CultureInfo.InvariantCulture));
                break;
        }
    }

    private static void WriteMap<T>(GoJsonWriter json, SortedDictionary<string, T> map)
    {
        json.BeginObject();
        foreach ((string key, T value) in map)
        {
            json.Name(key);
            Write(json, value);
        }

        json.EndObject();
    }
}
