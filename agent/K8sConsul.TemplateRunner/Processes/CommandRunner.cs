using System.Globalization;
using K8sConsul.Go;
using K8sConsul.Posix;
using K8sConsul.TemplateRunner.Configuration;

namespace K8sConsul.TemplateRunner.Processes;

/// <summary>Runs a template's command to its end.</summary>
/// <param name="consul">How Consul is reached, for the environment.</param>
/// <param name="time">For the time limit.</param>
/// <param name="output">A descriptor for output and errors; null for ours.</param>
internal sealed class CommandRunner(ConsulConfig consul, TimeProvider time, int? output = null)
{
    /// <exception cref="ProgramFailedException">It could not be started, took too long, or ended with a code other than 0.</exception>
    /// <exception cref="OperationCanceledException">The runner is being stopped; the command was killed.</exception>
    public Task RunAsync(ExecConfig config, CancellationToken cancellationToken)
    {
        return RunAsync(config, [], cancellationToken);
    }

    /// <inheritdoc cref="RunAsync(ExecConfig, CancellationToken)"/>
    /// <param name="config">The command.</param>
    /// <param name="variables">For its environment, besides the usual ones.</param>
    /// <param name="cancellationToken">Kills it.</param>
    public async Task RunAsync(
        ExecConfig config, IEnumerable<KeyValuePair<string, string>> variables, CancellationToken cancellationToken)
    {
        if (ChildCommand.Of(config.Command) is not { } command)
        {
            return;
        }

        string shown = GoText.Quote(string.Join(' ', config.Command));
        SpawnedProgram program;
        try
        {
            program = SpawnedProgram.Start(
                command, ChildEnvironment.Build(config.Env, ChildEnvironment.Own(), ChildEnvironment.OfConsul(consul).Concat(variables)), output);
        }
        catch (SpawnException failure)
        {
            throw new ProgramFailedException($"failed to execute command {shown}: {failure.Message}", failure);
        }

        try
        {
            int code = config.Timeout > TimeSpan.Zero
                ? await program.Ended.WaitAsync(config.Timeout, time, cancellationToken).ConfigureAwait(false)
                : await program.Ended.WaitAsync(cancellationToken).ConfigureAwait(false);
            if (code != 0)
            {
                throw new ProgramFailedException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"failed to execute command {shown}: command exited with a non-zero exit status: {code}"));
            }
        }
        catch (TimeoutException failure)
        {
            throw new ProgramFailedException(
                $"failed to execute command {shown}: command did not exit within time limit ({GoDuration.Format(config.Timeout)})", failure);
        }
        finally
        {
            await program.EndAsync().ConfigureAwait(false);
        }
    }
}
