using K8sConsul.Go;

namespace K8sConsul.TemplateRunner.Writing;

/// <summary>A text on its way to its destination. Dropped unless it is committed.</summary>
internal abstract class PreparedFile(string destination) : IDisposable
{
    /// <summary>A file with the text, for whoever wants to look at it first.</summary>
    public abstract string CheckPath { get; }

    /// <exception cref="RenderFailedException">It could not be done.</exception>
    public void Commit()
    {
        try
        {
            CommitFile();
        }
        catch (Exception failure) when (GoErrors.IsFileFailure(failure))
        {
            throw new RenderFailedException($"open {destination}: {GoErrors.OfFile(failure)}", failure);
        }
    }

    /// <summary>Leaves nothing behind but the destination.</summary>
    public abstract void Dispose();

    protected abstract void CommitFile();
}
