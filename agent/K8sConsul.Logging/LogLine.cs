using System.Text;
using Microsoft.Extensions.Logging;

namespace K8sConsul.Logging;

/// <summary>One event on its way to the sinks. Each format is made once, by the first sink that wants it.</summary>
public sealed class LogLine
{
    private string? _text;
    private string? _json;
    private string? _nameless;

    public required DateTimeOffset Time { get; init; }

    public required LogLevel Level { get; init; }

    /// <summary>Dotted, as in <c>agent.server.raft</c>.</summary>
    public required string Name { get; init; }

    public required string Message { get; init; }

    public required IReadOnlyList<KeyValuePair<string, object?>> Pairs { get; init; }

    /// <summary>With its line end.</summary>
    public string Text => _text ??= LogText.Format(this);

    /// <summary>Without the logger's name, for a message that says where it comes from: <c>(runner) rendered</c>.</summary>
    public string NamelessText => _nameless ??= LogText.FormatNameless(this);

    public string Json => _json ??= LogJson.Format(this);

    public static LogLine From<TState>(
        DateTimeOffset time, LogLevel level, string name, TState state, Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        string message;
        var pairs = new List<KeyValuePair<string, object?>>();
        if (state is IReadOnlyList<KeyValuePair<string, object?>> values && LogTemplate.Of(values) is { } template)
        {
            message = Render(template, values);
            foreach (LogTemplate.Pair pair in template.Pairs)
            {
                pairs.Add(KeyValuePair.Create(pair.Key, ValueOf(values, pair.Placeholder)));
            }
        }
        else
        {
            message = formatter(state, exception);
        }

        if (exception is not null && !pairs.Exists(pair => pair.Key is "error"))
        {
            pairs.Add(new KeyValuePair<string, object?>("error", exception));
        }

        return new LogLine { Time = time, Level = level, Name = name, Message = message, Pairs = pairs };
    }

    private static string Render(LogTemplate template, IReadOnlyList<KeyValuePair<string, object?>> values)
    {
        if (template.Message is [{ Placeholder: null } only])
        {
            return only.Literal;
        }

        var text = new StringBuilder();
        foreach (LogTemplate.Part part in template.Message)
        {
            text.Append(part.Literal);
            if (part.Placeholder is not null)
            {
                text.Append(LogValue.ToText(ValueOf(values, part.Placeholder)));
            }
        }

        return text.ToString();
    }

    private static object? ValueOf(IReadOnlyList<KeyValuePair<string, object?>> values, string placeholder)
    {
        for (int i = 0; i < values.Count; i++)
        {
            if (string.Equals(values[i].Key, placeholder, StringComparison.OrdinalIgnoreCase))
            {
                return values[i].Value;
            }
        }

        return null;
    }
}
