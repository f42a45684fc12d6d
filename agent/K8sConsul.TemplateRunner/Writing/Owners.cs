using System.Globalization;
using K8sConsul.Contracts.Client;

namespace K8sConsul.TemplateRunner.Writing;

/// <summary>From the names of users and groups to their numbers, by the files of the system. What only a directory service knows is not found.</summary>
/// <param name="userFile">Lines of <c>name:x:number:…</c>.</param>
/// <param name="groupFile">The same.</param>
internal sealed class Owners(string userFile = "/etc/passwd", string groupFile = "/etc/group")
{
    private const int FileBytesMax = 16 * 1024 * 1024;

    /// <summary>Null for an empty name.</summary>
    /// <exception cref="RenderFailedException">There is no such user.</exception>
    public int? UserOf(string nameOrNumber)
    {
        return Find(nameOrNumber, userFile, "user");
    }

    /// <summary>Null for an empty name.</summary>
    /// <exception cref="RenderFailedException">There is no such group.</exception>
    public int? GroupOf(string nameOrNumber)
    {
        return Find(nameOrNumber, groupFile, "group");
    }

    private static int? Find(string nameOrNumber, string file, string kind)
    {
        if (nameOrNumber.Length == 0)
        {
            return null;
        }

        if (int.TryParse(nameOrNumber, NumberStyles.None, CultureInfo.InvariantCulture, out int number))
        {
            return number;
        }

        byte[]? content = GoFile.TryReadAll(file, FileBytesMax, out string error);
        if (content is null)
        {
            throw new RenderFailedException(error);
        }

        foreach (string line in System.Text.Encoding.UTF8.GetString(content).Split('\n'))
        {
            string[] fields = line.Split(':');
            if (fields.Length > 2 && string.Equals(fields[0], nameOrNumber, StringComparison.Ordinal)
                && int.TryParse(fields[2], NumberStyles.None, CultureInfo.InvariantCulture, out number))
            {
                return number;
            }
        }

        throw new RenderFailedException($"{kind}: unknown {kind} {nameOrNumber}");
    }
}
