namespace K8sConsul.Template;

/// <summary>Where an execution writes, as much as it may.</summary>
internal sealed class Output(TextWriter target, Budget budget)
{
    private long _length;

    public void Write(string text)
    {
        _length += text.Length;
        budget.CheckLength(_length);
        target.Write(text);
    }
}
