namespace K8sConsul.Template;

/// <summary>What stands around an action. An empty one means the default.</summary>
public readonly record struct Delimiters(string Left, string Right)
{
    public static Delimiters Default => new("{{", "}}");

    internal Delimiters OrDefault()
    {
        return new Delimiters(
            string.IsNullOrEmpty(Left) ? Default.Left : Left,
            string.IsNullOrEmpty(Right) ? Default.Right : Right);
    }
}
