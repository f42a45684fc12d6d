using System.Text;

namespace K8sConsul.Logging;

/// <summary>
/// Writes to an output. Lines are held back until it is opened: an agent's parts begin to log before its banner is out.
/// </summary>
/// <param name="output">Where to.</param>
/// <param name="prefix">In front of each line.</param>
public sealed class StreamSink(Stream output, string prefix = "") : ILogSink
{
    /// <summary>Held lines beyond this are written at once, opened or not: a program that cannot start must not grow.</summary>
    private const int HeldLinesMax = 10_000;

    // The banner and the log share the stream.
    private readonly Lock _lock = new();
    private List<string>? _held = [];

    /// <summary>Lets the held lines out.</summary>
    public void Open()
    {
        lock (_lock)
        {
            List<string> held = _held ?? [];
            _held = null;
            foreach (string line in held)
            {
                Send(prefix + line);
            }
        }
    }

    /// <summary>Text of the program itself between the lines of the log, such as the banner.</summary>
    public void WriteRaw(string text)
    {
        lock (_lock)
        {
            Send(text);
        }
    }

    void ILogSink.Write(string line)
    {
        lock (_lock)
        {
            if (_held is null)
            {
                Send(prefix + line);
                return;
            }

            _held.Add(line);
            if (_held.Count >= HeldLinesMax)
            {
                Open();
            }
        }
    }

    /// <summary>A reader that has gone away is no reason to stop: the program runs on without its output.</summary>
    private void Send(string text)
    {
        try
        {
            output.Write(Encoding.UTF8.GetBytes(text));
            output.Flush();
        }
        catch (IOException)
        {
            _broken = true;
        }
    }

    private bool _broken;

    /// <summary>Whether output was lost because nobody reads it any more.</summary>
    public bool IsBroken => _broken;
}
