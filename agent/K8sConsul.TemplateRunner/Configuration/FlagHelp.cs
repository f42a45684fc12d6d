using System.Diagnostics;
using System.Text;

namespace K8sConsul.TemplateRunner.Configuration;

/// <summary>What <c>-h</c> prints: examples first, then the flags by what they are about, in two columns.</summary>
internal static class FlagHelp
{
    /// <summary>No wider than the terminal of old.</summary>
    private const int Width = 80;

    /// <summary>Where explanations begin. A longer flag has a line to itself.</summary>
    private const int TextColumn = 32;

    private static readonly (string Title, Func<FlagDefinition, bool> Holds)[] _sections =
    [
        ("What is rendered", static f => f.Name is "config" or "template" or "once" or "dry" or "parse-only" or "wait" or "template-error-fatal"
            or "default-left-delimiter" or "default-right-delimiter"),
        ("A program that is run and kept up to date", static f => Begins(f, "exec")),
        ("How Consul is asked", static f => f.Name is "max-stale" or "dedup" || Begins(f, "consul")),
        ("Logging", static f => Begins(f, "log-") || Begins(f, "syslog")),
        ("This program", static f => f.Name is "kill-signal" or "reload-signal" or "pid-file" or "http-addr" or "h" or "v"),
    ];

    /// <param name="program">As it is called: <c>consul template</c> or <c>consul-template</c>.</param>
    public static string Of(string program)
    {
        var text = new StringBuilder($$"""
            Usage: {{program}} [options]

              Renders templates from services, keys and nodes, writes them to files, runs a
              command when a file has changed, and goes on watching. Templates, flags and
              configuration files are those of consul-template.

              A file for nginx, which is told of every change:

                  $ {{program}} -template "web.ctmpl:/etc/nginx/web:nginx -s reload"

              where web.ctmpl holds

                  {{ "{{range service \"web\"}}" }}
                  server {{ "{{.Address}}:{{.Port}};{{end}}" }}

              Look at the result without writing it, and end:

                  $ {{program}} -template web.ctmpl -once -dry

              Start a program with its settings, and again whenever they change:

                  $ {{program}} -template "env.ctmpl:app.env" -exec ./app

              All that, and more, from a configuration file:

                  $ {{program}} -config /etc/consul-template.hcl

              It ends with 0, or with the code of its -exec program. 12: stopped by a
              signal; 13: a flag is wrong; 14: a template, a command or Consul failed;
              15: the configuration is wrong.

            """);
        foreach ((string title, Func<FlagDefinition, bool> holds) in _sections)
        {
            text.Append('\n').Append(title).Append(":\n\n");
            foreach (FlagDefinition flag in FlagTable.All.Where(flag => flag.Usage.Length > 0 && holds(flag)))
            {
                Append(text, flag);
            }
        }

        return text.Append("\nVault is not asked: flags that begin with -vault- are accepted, but the\nfunctions secret, secrets and pkiCert fail and say so.").ToString();
    }

    /// <summary>Flags that no section holds, besides Vault's; a test wants none.</summary>
    internal static IEnumerable<FlagDefinition> Unexplained()
    {
        return FlagTable.All.Where(static flag => flag.Usage.Length > 0 && !Begins(flag, "vault-") && _sections.Count(section => section.Holds(flag)) != 1);
    }

    private static bool Begins(FlagDefinition flag, string prefix)
    {
        return flag.Name.StartsWith(prefix, StringComparison.Ordinal);
    }

    private static void Append(StringBuilder text, FlagDefinition flag)
    {
        string name = $"  -{flag.Name}{(flag.IsBoolean ? string.Empty : $"=<{Placeholder(flag)}>")}";
        text.Append(name);
        int column = name.Length;
        if (column + 2 > TextColumn)
        {
            text.Append('\n');
            column = 0;
        }

        text.Append(' ', TextColumn - column);
        column = TextColumn;
        foreach (string word in flag.Usage.Split(' '))
        {
            if (column > TextColumn && column + 1 + word.Length > Width)
            {
                text.Append('\n').Append(' ', TextColumn);
                column = TextColumn;
            }

            if (column > TextColumn)
            {
                text.Append(' ');
                column++;
            }

            text.Append(word);
            column += word.Length;
        }

        text.Append('\n');
    }

    private static string Placeholder(FlagDefinition flag)
    {
        return flag.Type switch
        {
            SettingType.Duration => "duration",
            SettingType.Number => "number",
            SettingType.Signal => "signal",
            SettingType.Command => "command",
            SettingType.Text => "value",
            _ => throw new UnreachableException(),
        };
    }
}
