using System.Globalization;
using K8sConsul.Addresses;
using K8sConsul.Go;
using K8sConsul.Template;
using K8sConsul.TemplateRunner.Configuration;
using K8sConsul.TemplateRunner.Engine;
using K8sConsul.TemplateRunner.Processes;
using K8sConsul.TemplateRunner.Writing;
using TemplateFunctions = K8sConsul.Template.TemplateFunctions;

namespace K8sConsul.TemplateRunner.Language;

/// <summary>The functions that reach out to this machine: <c>plugin</c>, <c>sockaddr</c>, <c>writeToFile</c>.</summary>
internal sealed class MachineFunctions(EngineHost host, TemplateSource source)
{
    private const string WriteToFile = "writeToFile";

    private readonly AddressTemplate _addresses = new(host.Interfaces);

    public static TemplateFunctions Create(EngineHost host, TemplateSource source)
    {
        var functions = new MachineFunctions(host, source);
        return new TemplateFunctions()
            .AddVariadicWithCall<string, string, string>("plugin", functions.Plugin)
            .AddVariadic<string, string>("sockaddr", functions.SocketAddress)
            .Add(WriteToFile, TemplateFunction.Describe(
                [GoType.String, GoType.String, GoType.String, GoType.String, GoType.String], isVariadic: true, GoType.String, functions.Write));
    }

    private string Plugin(TemplateCall call, string program, IReadOnlyList<string> arguments)
    {
        IReadOnlyList<string> environment = ChildEnvironment.Build(new EnvConfig(), ChildEnvironment.Own(), source.Environment);
        try
        {
            // A template is executed in one go on a thread of its run, and cannot await.
            return PluginProgram.RunAsync([program, .. arguments], environment, host.Time, call.Cancellation).GetAwaiter().GetResult();
        }
        catch (ProgramFailedException failure)
        {
            throw new TemplateFunctionException(failure.Message, failure);
        }
    }

    private string SocketAddress(IReadOnlyList<string> words)
    {
        return _addresses.TryExpand($"{{{{ {string.Join(' ', words)} }}}}", out string address, out string error)
            ? address
            : throw new TemplateFunctionException(error);
    }

    /// <summary>
    /// <c>writeToFile path user group perms [flags] content</c>. Carried out when the execution lacked no data: consul-template
    /// writes at once, and so leaves files of half-known data behind.
    /// </summary>
    private string Write(TemplateCall call, IReadOnlyList<object?> arguments)
    {
        if (arguments.Count is < 5 or > 6)
        {
            throw new TemplateFunctionException(string.Create(
                CultureInfo.InvariantCulture, $"{WriteToFile}: wrong number of arguments, expected 5 or 6, but got {arguments.Count}"));
        }

        string[] texts = [.. arguments.Select(static argument => (string?)argument ?? string.Empty)];
        string[] flags = texts.Length == 6 ? texts[4].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) : [];
        if (Array.Find(flags, static flag => flag is not ("append" or "newline")) is { } unknown)
        {
            throw new TemplateFunctionException($"{WriteToFile}: unknown flag {GoText.Quote(unknown)}: there are append and newline");
        }

        var target = new TemplateConfig { Destination = texts[0], User = texts[1], Group = texts[2], Perms = ModeOf(texts[3]) };
        string content = texts[^1] + (flags.Contains("newline", StringComparer.Ordinal) ? "\n" : string.Empty);
        bool append = flags.Contains("append", StringComparer.Ordinal);
        RefuseLinks(target.Destination);
        if (!source.IsDry)
        {
            ((RenderPass)call.State!).WhenComplete(() => Write(target, content, append));
        }

        return string.Empty;
    }

    private static void Write(TemplateConfig target, string content, bool append)
    {
        try
        {
            // Time has passed, and a link may have come.
            RefuseLinks(target.Destination);
            var writer = new FileWriter(new Owners());
            if (append)
            {
                writer.Append(target, content);
            }
            else
            {
                writer.Write(target, content);
            }
        }
        catch (RenderFailedException failure)
        {
            throw new TemplateFunctionException($"{WriteToFile}: {failure.Message}", failure);
        }
    }

    private static UnixFileMode ModeOf(string text)
    {
        if (text.Length is 0 or > 5 || text.AsSpan().ContainsAnyExceptInRange('0', '7'))
        {
            throw new TemplateFunctionException($"{WriteToFile}: {GoText.Quote(text)} is no file mode: octal digits are expected, such as \"0644\"");
        }

        return (UnixFileMode)(Convert.ToInt32(text, fromBase: 8) & 0xfff);
    }

    /// <summary>Who may make links in a folder would otherwise choose what we overwrite.</summary>
    private static void RefuseLinks(string path)
    {
        if (path.Length == 0)
        {
            throw new TemplateFunctionException($"{WriteToFile}: missing path");
        }

        string file = Path.GetFullPath(path);
        foreach (string part in new[] { file, Path.GetDirectoryName(file) ?? "/" })
        {
            if (new FileInfo(part).LinkTarget is not null)
            {
                throw new TemplateFunctionException($"{WriteToFile}: {part} is a symbolic link");
            }
        }
    }
}
