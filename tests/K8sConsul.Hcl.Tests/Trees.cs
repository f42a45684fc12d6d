using System.Globalization;
using System.Text;
using K8sConsul.Go;

namespace K8sConsul.Hcl.Tests;

/// <summary>Shows a tree on one line: <c>{a: 1, b: [[…]] }</c>, lists made of blocks in double brackets.</summary>
internal static class Trees
{
    public static string Show(ConfigValue value)
    {
        return value switch
        {
            ConfigText text => GoText.Quote(text.Value),
            ConfigFlag flag => flag.Value ? "true" : "false",
            ConfigInteger integer => integer.Value.ToString(CultureInfo.InvariantCulture),
            ConfigReal real => real.Value.ToString("0.0###############", CultureInfo.InvariantCulture),
            ConfigNull => "null",
            ConfigList { IsBlocks: true } list => $"[[{string.Join(", ", list.Items.Select(Show))}]]",
            ConfigList list => $"[{string.Join(", ", list.Items.Select(Show))}]",
            ConfigObject tree => $"{{{string.Join(", ", tree.Keys.Select(key => $"{key}: {Show(tree[key])}"))}}}",
            _ => throw new InvalidOperationException(),
        };
    }

    public static string ParseHcl(string source)
    {
        ParseOutcome outcome = HclParser.Parse(Encoding.UTF8.GetBytes(source));
        return outcome.Root is null ? outcome.Error : Show(outcome.Root);
    }

    public static string ParseJson(string source)
    {
        ParseOutcome outcome = JsonParser.Parse(Encoding.UTF8.GetBytes(source));
        return outcome.Root is null ? outcome.Error : Show(outcome.Root);
    }
}
