using System.Text;

namespace K8sConsul.Cli;

/// <summary>What a command sees of the world besides the agent: its streams, environment and clock.</summary>
internal sealed class Terminal
{
    private readonly Func<Stream> _openInput;
    private Stream? _input;

    public Terminal(Stream output, Stream error, Func<Stream> openInput, Func<string, string?> environment, TimeProvider clock)
    {
        Output = output;
        ErrorOutput = error;
        _openInput = openInput;
        Environment = environment;
        Clock = clock;
    }

    public Stream Output { get; }

    public Stream ErrorOutput { get; }

    public Stream Input => _input ??= _openInput();

    /// <summary>Null for a variable that is not set.</summary>
    public Func<string, string?> Environment { get; }

    public TimeProvider Clock { get; }

    public static Terminal OfProcess()
    {
        return new Terminal(
            DescriptorStream.Open(1), DescriptorStream.Open(2), Console.OpenStandardInput,
            System.Environment.GetEnvironmentVariable, TimeProvider.System);
    }

    /// <summary>A line for the user.</summary>
    public void Print(string line)
    {
        Write(Output, line + "\n");
    }

    /// <summary>A line on the error stream.</summary>
    public void Error(string line)
    {
        Write(ErrorOutput, line + "\n");
    }

    public void Print(ReadOnlySpan<byte> text)
    {
        Output.Write(text);
    }

    private static void Write(Stream target, string text)
    {
        target.Write(Encoding.UTF8.GetBytes(text));
    }
}
