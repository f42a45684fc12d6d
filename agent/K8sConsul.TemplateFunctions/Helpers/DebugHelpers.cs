using System.Text;
using K8sConsul.Go;

namespace K8sConsul.Template.Functions;

/// <summary>Values shown with their types: consul-template's <c>spew_</c> functions. The exact form is our own.</summary>
internal static class DebugHelpers
{
    public static void AddTo(TemplateFunctions functions, FunctionHost host)
    {
        Action<string> show = host.Debug ?? (_ => { });
        functions
            .AddVariadicWithCall<object?, string>("spew_sdump", Dump)
            .AddVariadicWithCall<object?, string>("spew_dump", (call, values) => Show(show, Dump(call, values)))
            .AddVariadicWithCall<string, object?, string>("spew_sprintf", (call, format, values) => call.Format(format, values))
            .AddVariadicWithCall<string, object?, string>("spew_printf", (call, format, values) => Show(show, call.Format(format, values)));
    }

    private static string Show(Action<string> show, string text)
    {
        show(text);
        return "";
    }

    private static string Dump(TemplateCall call, IReadOnlyList<object?> values)
    {
        var text = new StringBuilder();
        foreach (object? value in values)
        {
            Append(call, text, value, depth: 0);
            text.Append('\n');
        }

        return text.ToString();
    }

    private static void Append(TemplateCall call, StringBuilder text, object? value, int depth)
    {
        CallExtensions.CheckDepth(depth);
        call.CountItems(1);
        call.CheckLength(text.Length);
        text.Append('(').Append(CallExtensions.TypeName(value)).Append(") ");
        switch (value)
        {
            case string line:
                text.Append("(len=").Append(GoData.CountOf(line)).Append(") ").Append(GoText.Quote(line));
                return;
            case ITemplateObject structure:
                text.Append("{\n");
                foreach (string name in structure.FieldNames)
                {
                    structure.TryGetField(name, out object? field);
                    text.Append(' ', depth + 1).Append(name).Append(": ");
                    Append(call, text, field, depth + 1);
                    text.Append('\n');
                }

                text.Append(' ', depth).Append('}');
                return;
        }

        if (GoData.TryItems(value) is { } items)
        {
            text.Append("(len=").Append(items.Count).Append(") {\n");
            foreach (object? item in items)
            {
                text.Append(' ', depth + 1);
                Append(call, text, item, depth + 1);
                text.Append('\n');
            }

            text.Append(' ', depth).Append('}');
        }
        else if (GoData.TryEntries(value) is { } entries)
        {
            text.Append("(len=").Append(entries.Count).Append(") {\n");
            foreach ((object key, object? entry) in entries)
            {
                text.Append(' ', depth + 1);
                Append(call, text, key, depth + 1);
                text.Append(": ");
                Append(call, text, entry, depth + 1);
                text.Append('\n');
            }

            text.Append(' ', depth).Append('}');
        }
        else
        {
            text.Append(value is null ? "<nil>" : call.Print(value));
        }
    }
}
