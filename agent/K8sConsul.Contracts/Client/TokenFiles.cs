using System.Text;

namespace K8sConsul.Contracts.Client;

internal static class TokenFiles
{
    /// <summary>Tokens are UUIDs; JWTs of cloud providers take a few kilobytes.</summary>
    private const int TokenBytesMax = 64 * 1024;

    /// <summary>The file's token, or the options' where the file is blank; null when it cannot be read.</summary>
    public static string? TryRead(ConsulClientOptions options, out string error)
    {
        byte[]? content = GoFile.TryReadAll(options.TokenFile, TokenBytesMax, out error);
        if (content is null)
        {
            error = $"Error loading token file: {error}";
            return null;
        }

        string token = Encoding.UTF8.GetString(content).Trim();
        return token.Length > 0 ? token : options.Token;
    }
}
