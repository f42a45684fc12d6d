using K8sConsul.Go;

namespace K8sConsul.TemplateRunner.Configuration;

/// <summary>Blocks that may also be written as one string. Each reader gives what is wrong, or an empty text.</summary>
internal static class SettingTexts
{
    /// <summary><c>min</c> or <c>min:max</c>; without a maximum it is four times the minimum.</summary>
    public static string ReadWait(SettingMap map, string path, string text)
    {
        string trimmed = text.Trim();
        if (trimmed.Length == 0)
        {
            return "wait: cannot be empty";
        }

        string[] parts = trimmed.Split(':');
        if (parts.Length > 2)
        {
            return "wait: invalid format";
        }

        if (!GoDuration.TryParse(parts[0].Trim(), out TimeSpan min, out string error))
        {
            return error;
        }

        TimeSpan max = min * 4;
        if (parts.Length == 2 && !GoDuration.TryParse(parts[1].Trim(), out max, out error))
        {
            return error;
        }

        error = CheckWait(min, max);
        if (error.Length == 0)
        {
            map.Set(path + ".enabled", value: true);
            map.Set(path + ".min", min);
            map.Set(path + ".max", max);
        }

        return error;
    }

    public static string CheckWait(TimeSpan min, TimeSpan max)
    {
        return min < TimeSpan.Zero || max < TimeSpan.Zero ? "wait: cannot be negative"
            : max < min ? "wait: min must be less than max"
            : string.Empty;
    }

    /// <summary><c>user</c> or <c>user:password</c>.</summary>
    public static string ReadAuth(SettingMap map, string path, string text)
    {
        if (text.Length == 0)
        {
            return "auth: cannot be empty";
        }

        int colon = text.IndexOf(':', StringComparison.Ordinal);
        map.Set(path + ".enabled", value: true);
        map.Set(path + ".username", colon < 0 ? text : text[..colon]);
        if (colon >= 0)
        {
            map.Set(path + ".password", text[(colon + 1)..]);
        }

        return string.Empty;
    }

    /// <summary>The old form: just the address.</summary>
    public static string ReadConsul(SettingMap map, string path, string text)
    {
        map.Set(path + ".address", text);
        return string.Empty;
    }

    /// <summary><c>source[:destination[:command]]</c>. The drive of a Windows path stays with it; what follows the third colon is the command's.</summary>
    public static string ReadTemplate(string text, out SettingMap template)
    {
        template = new SettingMap();
        if (text.Trim().Length == 0)
        {
            return "template: cannot be empty";
        }

        List<string> parts = [];
        string[] pieces = text.Split(':');
        for (int i = 0; i < pieces.Length; i++)
        {
            if (pieces[i].Length == 0)
            {
                continue;
            }

            bool isDrive = pieces[i].Length == 1 && char.IsAsciiLetter(pieces[i][0]) && i + 1 < pieces.Length && pieces[i + 1].Length > 0;
            parts.Add(isDrive ? $"{pieces[i]}:{pieces[++i]}" : pieces[i]);
        }

        if (parts.Count == 0)
        {
            return "template: cannot be empty";
        }

        template.Set("source", parts[0]);
        if (parts.Count > 1)
        {
            template.Set("destination", parts[1]);
        }

        if (parts.Count > 2)
        {
            template.Set("command", new[] { string.Join(':', parts.Skip(2)) });
        }

        return string.Empty;
    }
}
