using K8sConsul.TemplateRunner.Configuration;

namespace K8sConsul.TemplateRunner.Writing;

/// <summary>To a stream, with the destination above each text (<c>-dry</c>). Nothing changes by that.</summary>
internal sealed class DryOutput(TextWriter output) : ITemplateOutput
{
    public async Task<bool> WriteAsync(TemplateConfig config, string text, Func<string, Task> check)
    {
        await output.WriteAsync($"> {config.Destination}\n{text}").ConfigureAwait(false);
        await output.FlushAsync().ConfigureAwait(false);
        return false;
    }
}
