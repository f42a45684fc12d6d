using System.Text;
using K8sConsul.Contracts.Client;
using K8sConsul.Go;

namespace K8sConsul.Cli;

/// <summary>An argument that is data: <c>@file</c>, <c>-</c> for the input, or the data itself.</summary>
internal static class DataArgument
{
    /// <summary>Agents take less (512 KiB by default, and 64 operations in one transaction); an import may be a whole store.</summary>
    private const int BytesMax = 512 * 1024 * 1024;

    /// <param name="argument">As given.</param>
    /// <param name="terminal">Its input is read for <c>-</c>.</param>
    /// <param name="error">Empty when read.</param>
    /// <returns>Null when it could not be read.</returns>
    public static byte[]? TryLoad(string argument, Terminal terminal, out string error)
    {
        error = string.Empty;
        if (argument.Length == 0)
        {
            return [];
        }

        switch (argument[0])
        {
            case '@':
                byte[]? content = GoFile.TryReadAll(argument[1..], BytesMax, out string failure);
                error = content is null ? $"Failed to read file: {failure}" : string.Empty;
                return content;
            case '-' when argument.Length == 1:
                return TryReadInput(terminal, out error);
            default:
                return Encoding.UTF8.GetBytes(argument);
        }
    }

    private static byte[]? TryReadInput(Terminal terminal, out string error)
    {
        error = string.Empty;
        try
        {
            return BoundedRead.ToEnd(terminal.Input, BytesMax);
        }
        catch (InvalidDataException failure)
        {
            error = $"Failed to read stdin: {failure.Message}";
        }
        catch (IOException failure)
        {
            error = $"Failed to read stdin: {GoErrors.OfFile(failure)}";
        }

        return null;
    }
}
