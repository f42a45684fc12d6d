using System.Globalization;
using System.Text;

namespace K8sConsul.Server.Api;

/// <summary>The query parameters of a request, decoded, in order. A parameter without a value has the empty one.</summary>
public sealed class ApiQuery
{
    public static readonly ApiQuery Empty = new([]);

    /// <summary>More parameters than any client sends; a request with more is refused before they are stored.</summary>
    private const int ParametersMax = 1_000;

    private readonly List<KeyValuePair<string, string>> _parameters;

    private ApiQuery(List<KeyValuePair<string, string>> parameters) => _parameters = parameters;

    public IReadOnlyList<KeyValuePair<string, string>> Parameters => _parameters;

    public static ApiQuery Of(IEnumerable<KeyValuePair<string, string>> parameters) => new([.. parameters]);

    /// <summary>Reads the text after the question mark.</summary>
    /// <returns>Null when it cannot be decoded, e.g. <c>%zz</c>.</returns>
    public static ApiQuery? Parse(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty)
        {
            return Empty;
        }

        var parameters = new List<KeyValuePair<string, string>>();
        foreach (Range range in text.Split('&'))
        {
            ReadOnlySpan<char> pair = text[range];
            if (pair.IsEmpty)
            {
                continue;
            }

            int equals = pair.IndexOf('=');
            string? name = PercentCoding.Decode(equals < 0 ? pair : pair[..equals], plusIsSpace: true);
            string? value = equals < 0 ? string.Empty : PercentCoding.Decode(pair[(equals + 1)..], plusIsSpace: true);
            if (name is null || value is null || parameters.Count == ParametersMax)
            {
                return null;
            }

            parameters.Add(new(name, value));
        }

        return new ApiQuery(parameters);
    }

    /// <summary>The first value, or empty when the parameter is absent.</summary>
    public string this[string name]
    {
        get
        {
            foreach (KeyValuePair<string, string> parameter in _parameters)
            {
                if (string.Equals(parameter.Key, name, StringComparison.Ordinal))
                {
                    return parameter.Value;
                }
            }

            return string.Empty;
        }
    }

    public bool Has(string name)
    {
        foreach (KeyValuePair<string, string> parameter in _parameters)
        {
            if (string.Equals(parameter.Key, name, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    public IEnumerable<string> All(string name)
    {
        foreach (KeyValuePair<string, string> parameter in _parameters)
        {
            if (string.Equals(parameter.Key, name, StringComparison.Ordinal))
            {
                yield return parameter.Value;
            }
        }
    }

    /// <summary>The parameters encoded and sorted by name, as Go's <c>url.Values.Encode</c>.</summary>
    public string Encode()
    {
        var text = new StringBuilder();
        foreach ((string name, string value) in _parameters.OrderBy(p => p.Key, StringComparer.Ordinal))
        {
            text.Append(text.Length == 0 ? string.Empty : "&")
                .Append(CultureInfo.InvariantCulture, $"{PercentCoding.EncodeQuery(name)}={PercentCoding.EncodeQuery(value)}");
        }

        return text.ToString();
    }
}
