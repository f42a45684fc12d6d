using System.Text.RegularExpressions;
using K8sConsul.Template;

namespace K8sConsul.Helm.Rendering;

/// <summary>Errors of templates as Helm shows them.</summary>
internal static partial class ErrorTexts
{
    // They mark, within the chain of errors, what a chart itself says of its failure.
    private const string Start = "HELM_ERR_START";
    private const string End = "HELM_ERR_END";

    /// <summary>What <c>required</c> and <c>fail</c> end with.</summary>
    public static TemplateFunctionException Raise(string message) => new(Start + message + End);

    /// <summary>Where the chart says itself what is wrong, that and the place; the whole chain otherwise.</summary>
    public static HelmException OfExecution(TemplateException failed)
    {
        Match own = Own().Match(failed.Message);
        return own.Success
            ? new HelmException($"execution error at ({LocationOf(failed.Message)}): {own.Groups["message"].Value}", failed)
            : new HelmException(failed.Message, failed);
    }

    public static HelmException OfParsing(TemplateException refused)
    {
        string message = refused.Message[(refused.Message.LastIndexOf(": ", StringComparison.Ordinal) + 2)..];
        return new HelmException($"parse error at ({LocationOf(refused.Message)}): {message}", refused);
    }

    /// <summary>What stands for an absent value in the output of Go's templates is nothing in Helm's.</summary>
    public static string WithoutNoValue(string text) => text.Replace("<no value>", "", StringComparison.Ordinal);

    /// <summary>Of <c>template: chart/templates/x.yaml:1:2: …</c> the middle.</summary>
    private static string LocationOf(string message) => message.Split(": ", 3)[1];

    [GeneratedRegex($"{Start}(?<message>.*){End}", RegexOptions.Singleline | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Own();
}
