using System.Globalization;
using System.Text;
using K8sConsul.Go;

namespace K8sConsul.Addresses;

/// <summary>
/// Expands go-sockaddr templates such as <c>{{ GetInterfaceIP "eth0" }}</c>: text with actions, of which each is a pipeline of
/// calls, brackets and literals. Go's control words (<c>range</c>, <c>if</c>, variables) are not known.
/// </summary>
public sealed class AddressTemplate(INetworkInterfaces interfaces)
{
    private const string Open = "{{";
    private const string Close = "}}";

    private readonly TemplateFunctions _functions = new(interfaces);

    /// <summary>Expands the text; one without actions stays as it is.</summary>
    /// <param name="text">The template.</param>
    /// <param name="expanded">Empty when refused.</param>
    /// <param name="error">In the words of go-sockaddr and of Go's templates; empty when accepted.</param>
    public bool TryExpand(string text, out string expanded, out string error)
    {
        expanded = string.Empty;
        List<TemplatePart> parts;
        try
        {
            parts = Split(text);
        }
        catch (TemplateException refused)
        {
            error = $"unable to parse template {GoText.Quote(text)}: template: sockaddr.Parse:{refused.Message}";
            return false;
        }

        try
        {
            var result = new StringBuilder();
            foreach (TemplatePart part in parts)
            {
                result.Append(part.Pipeline is null ? part.Text : TemplateFunctions.Show(Evaluate(part.Pipeline)));
            }

            expanded = result.ToString();
            error = string.Empty;
            return true;
        }
        catch (TemplateException refused)
        {
            error = $"unable to execute sockaddr input {GoText.Quote(text)}: template: sockaddr.Parse:{refused.Message}";
            return false;
        }
    }

    private static List<TemplatePart> Split(string text)
    {
        var parts = new List<TemplatePart>();
        int at = 0;
        bool trimNext = false;
        while (at < text.Length)
        {
            int open = text.IndexOf(Open, at, StringComparison.Ordinal);
            string literal = open < 0 ? text[at..] : text[at..open];
            literal = trimNext ? literal.TrimStart() : literal;
            trimNext = false;
            if (open < 0)
            {
                parts.Add(new TemplatePart(literal, Pipeline: null));
                break;
            }

            int start = open + Open.Length;
            if (start + 1 < text.Length && text[start] == '-' && char.IsWhiteSpace(text[start + 1]))
            {
                literal = literal.TrimEnd();
                start++;
            }

            parts.Add(new TemplatePart(literal, Pipeline: null));
            if (TryTakeComment(text, start, out int afterComment))
            {
                at = afterComment;
                continue;
            }

            var parser = new PipelineParser(text, start);
            parts.Add(new TemplatePart(string.Empty, parser.ReadAction()));
            trimNext = parser.TrimsFollowingText;
            at = parser.Position + Close.Length;
        }

        return parts;
    }

    private static bool TryTakeComment(string text, int start, out int after)
    {
        after = start;
        if (!text.AsSpan(start).StartsWith("/*"))
        {
            return false;
        }

        int end = text.IndexOf("*/" + Close, start, StringComparison.Ordinal);
        after = end + 2 + Close.Length;
        return end >= 0 ? true : throw new TemplateException("1: unclosed comment");
    }

    private object Evaluate(PipelineNode pipeline)
    {
        object? piped = null;
        foreach (CommandNode command in pipeline.Commands)
        {
            piped = Evaluate(command, piped);
        }

        return piped!;
    }

    private object Evaluate(CommandNode command, object? piped)
    {
        TemplateNode head = command.Words[0];
        if (head is not FunctionNode function)
        {
            if (command.Words.Count > 1 || piped is not null)
            {
                throw At(command, command.Source, $"can't give argument to non-function {head.Source}");
            }

            return Evaluate(head);
        }

        var arguments = new List<object>();
        foreach (TemplateNode word in command.Words.Skip(1))
        {
            arguments.Add(Evaluate(word));
        }

        if (piped is not null)
        {
            arguments.Add(piped);
        }

        int arity = TemplateFunctions.ArityOf(function.Name);
        if (arguments.Count != arity)
        {
            throw At(
                command,
                function.Name,
                string.Create(
                    CultureInfo.InvariantCulture, $"wrong number of args for {function.Name}: want {arity} got {arguments.Count}"));
        }

        try
        {
            return _functions.Call(function.Name, arguments);
        }
        catch (TemplateException refused)
        {
            throw At(command, command.Source, $"error calling {function.Name}: {refused.Message}");
        }
    }

    private object Evaluate(TemplateNode node)
    {
        return node switch
        {
            LiteralNode literal => literal.Value,
            PipelineNode nested => Evaluate(nested),
            FunctionNode function => Evaluate(new CommandNode([function], function.Position, function.Source), piped: null),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    private static TemplateException At(CommandNode command, string source, string message)
    {
        return new TemplateException(string.Create(
            CultureInfo.InvariantCulture, $"1:{command.Position}: executing \"sockaddr.Parse\" at <{source}>: {message}"));
    }

    private sealed record TemplatePart(string Text, PipelineNode? Pipeline);
}
