using K8sConsul.TemplateRunner.Configuration;

namespace K8sConsul.TemplateRunner.Writing;

/// <summary>To files.</summary>
internal sealed class FileOutput(FileWriter writer) : ITemplateOutput
{
    public async Task<bool> WriteAsync(TemplateConfig config, string text, Func<string, Task> check)
    {
        using PreparedFile? file = writer.Prepare(config, text);
        if (file is null)
        {
            return false;
        }

        if (config.Check.Enabled)
        {
            await check(file.CheckPath).ConfigureAwait(false);
        }

        file.Commit();
        return true;
    }
}
