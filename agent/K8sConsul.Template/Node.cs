using System.Runtime.CompilerServices;
using System.Text;
using K8sConsul.Go;

namespace K8sConsul.Template;

/// <summary>A part of a parsed template. It never changes, and prints itself as error texts show it.</summary>
/// <param name="source">Where it was written.</param>
/// <param name="position">In UTF-16 units; of a chain of fields that of the first field behind another.</param>
internal abstract class Node(SourceText source, int position)
{
    public SourceText Source { get; } = source;

    public int Position { get; } = position;

    public override string ToString()
    {
        var text = new StringBuilder();
        Print(text);
        return text.ToString();
    }

    protected abstract void Print(StringBuilder text);

    private static void PrintAll(StringBuilder text, IReadOnlyList<Node> nodes, string separator)
    {
        // An error that the end of the stack has caused is told on what is left of it.
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            text.Append("...");
            return;
        }

        for (int i = 0; i < nodes.Count; i++)
        {
            text.Append(i > 0 ? separator : "");
            nodes[i].Print(text);
        }
    }

    private static void PrintFields(StringBuilder text, IReadOnlyList<string> fields)
    {
        foreach (string field in fields)
        {
            text.Append('.').Append(field);
        }
    }

    internal sealed class List(SourceText source, int position, IReadOnlyList<Node> nodes) : Node(source, position)
    {
        public IReadOnlyList<Node> Nodes { get; } = nodes;

        /// <summary>Prints nothing but blanks: a definition of this does not take the place of another.</summary>
        public bool IsBlank => Nodes.All(node => node is Text text && string.IsNullOrWhiteSpace(text.Content));

        protected override void Print(StringBuilder text) => PrintAll(text, Nodes, "");
    }

    internal sealed class Text(SourceText source, int position, string content) : Node(source, position)
    {
        public string Content { get; } = content;

        protected override void Print(StringBuilder text) => text.Append(Content);
    }

    internal sealed class Action(SourceText source, int position, Pipeline pipeline) : Node(source, position)
    {
        public Pipeline Pipe { get; } = pipeline;

        protected override void Print(StringBuilder text)
        {
            text.Append("{{");
            Pipe.Print(text);
            text.Append("}}");
        }
    }

    /// <summary><c>if</c>, <c>range</c> or <c>with</c>.</summary>
    internal sealed class Branch(SourceText source, TokenKind word, Pipeline pipeline, List body, List? otherwise)
        : Node(source, pipeline.Position)
    {
        public TokenKind Word { get; } = word;

        public Pipeline Pipe { get; } = pipeline;

        public List Body { get; } = body;

        public List? Otherwise { get; } = otherwise;

        protected override void Print(StringBuilder text)
        {
            text.Append("{{").Append(Word switch { TokenKind.If => "if ", TokenKind.Range => "range ", _ => "with " });
            Pipe.Print(text);
            text.Append("}}");
            Body.Print(text);
            if (Otherwise is not null)
            {
                text.Append("{{else}}");
                Otherwise.Print(text);
            }

            text.Append("{{end}}");
        }
    }

    /// <summary><c>{{break}}</c> or <c>{{continue}}</c>.</summary>
    internal sealed class Jump(SourceText source, int position, bool leavesLoop) : Node(source, position)
    {
        public bool LeavesLoop { get; } = leavesLoop;

        protected override void Print(StringBuilder text) => text.Append(LeavesLoop ? "{{break}}" : "{{continue}}");
    }

    /// <summary><c>{{else}}</c> or <c>{{end}}</c>: only while parsing.</summary>
    internal sealed class Boundary(SourceText source, int position, bool isEnd) : Node(source, position)
    {
        public bool IsEnd { get; } = isEnd;

        protected override void Print(StringBuilder text) => text.Append(IsEnd ? "{{end}}" : "{{else}}");
    }

    internal sealed class Invocation(SourceText source, int position, string name, Pipeline? pipeline) : Node(source, position)
    {
        public string Name { get; } = name;

        public Pipeline? Pipe { get; } = pipeline;

        protected override void Print(StringBuilder text)
        {
            text.Append("{{template ").Append(GoText.Quote(Name));
            if (Pipe is not null)
            {
                text.Append(' ');
                Pipe.Print(text);
            }

            text.Append("}}");
        }
    }

    internal sealed class Pipeline(
        SourceText source, int position, IReadOnlyList<Variable> declarations, bool isAssignment, IReadOnlyList<Command> commands)
        : Node(source, position)
    {
        public IReadOnlyList<Variable> Declarations { get; } = declarations;

        /// <summary>The variables are there already: <c>=</c> and not <c>:=</c>.</summary>
        public bool IsAssignment { get; } = isAssignment;

        public IReadOnlyList<Command> Commands { get; } = commands;

        protected override void Print(StringBuilder text)
        {
            if (Declarations.Count > 0)
            {
                PrintAll(text, Declarations, ", ");
                text.Append(IsAssignment ? " = " : " := ");
            }

            PrintAll(text, Commands, " | ");
        }
    }

    internal sealed class Command(SourceText source, int position, IReadOnlyList<Node> operands) : Node(source, position)
    {
        /// <summary>At least one.</summary>
        public IReadOnlyList<Node> Operands { get; } = operands;

        protected override void Print(StringBuilder text)
        {
            for (int i = 0; i < Operands.Count; i++)
            {
                text.Append(i > 0 ? " " : "");
                PrintOperand(text, Operands[i]);
            }
        }

        internal static void PrintOperand(StringBuilder text, Node operand)
        {
            bool nested = operand is Pipeline;
            text.Append(nested ? "(" : "");
            operand.Print(text);
            text.Append(nested ? ")" : "");
        }
    }

    internal sealed class Identifier(SourceText source, int position, string name) : Node(source, position)
    {
        public string Name { get; } = name;

        protected override void Print(StringBuilder text) => text.Append(Name);
    }

    internal sealed class Variable(SourceText source, int position, string name, IReadOnlyList<string> fields) : Node(source, position)
    {
        /// <summary>With its dollar sign.</summary>
        public string Name { get; } = name;

        public IReadOnlyList<string> Fields { get; } = fields;

        protected override void Print(StringBuilder text)
        {
            text.Append(Name);
            PrintFields(text, Fields);
        }
    }

    internal sealed class Field(SourceText source, int position, IReadOnlyList<string> names) : Node(source, position)
    {
        public IReadOnlyList<string> Names { get; } = names;

        protected override void Print(StringBuilder text) => PrintFields(text, Names);
    }

    /// <summary>Fields of what a function or a pipeline gives.</summary>
    internal sealed class Chain(SourceText source, int position, Node start, IReadOnlyList<string> names) : Node(source, position)
    {
        public Node Start { get; } = start;

        public IReadOnlyList<string> Names { get; } = names;

        protected override void Print(StringBuilder text)
        {
            Command.PrintOperand(text, Start);
            PrintFields(text, Names);
        }
    }

    internal sealed class Dot(SourceText source, int position) : Node(source, position)
    {
        protected override void Print(StringBuilder text) => text.Append('.');
    }

    internal sealed class Nil(SourceText source, int position) : Node(source, position)
    {
        protected override void Print(StringBuilder text) => text.Append("nil");
    }

    internal sealed class Bool(SourceText source, int position, bool value) : Node(source, position)
    {
        public bool Value { get; } = value;

        protected override void Print(StringBuilder text) => text.Append(Value ? "true" : "false");
    }

    internal sealed class Number(SourceText source, int position, NumberLiteral literal) : Node(source, position)
    {
        public NumberLiteral Literal { get; } = literal;

        protected override void Print(StringBuilder text) => text.Append(Literal.Text);
    }

    internal sealed class String(SourceText source, int position, string quoted, string value) : Node(source, position)
    {
        public string Value { get; } = value;

        protected override void Print(StringBuilder text) => text.Append(quoted);
    }
}
