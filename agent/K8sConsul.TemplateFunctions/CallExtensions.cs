namespace K8sConsul.Template.Functions;

/// <summary>What functions charge their execution for.</summary>
internal static class CallExtensions
{
    /// <summary>An item that is copied takes memory: with this many steps each, the steps run out before memory does.</summary>
    private const long StepsPerItem = 16;

    /// <summary>Data within data; what nests deeper than this holds itself, or would end the stack.</summary>
    private const int DepthMax = 500;

    /// <summary>To be called before a list or map of this size is made or walked.</summary>
    public static void CountItems(this TemplateCall call, long count)
    {
        call.CountSteps((int)Math.Min(int.MaxValue, Math.Max(count, 0) * StepsPerItem));
    }

    /// <summary>To be called before a text of this length is made that is longer than what it is made of.</summary>
    public static void CountText(this TemplateCall call, long length)
    {
        call.CheckLength(length);
    }

    /// <summary>Refuses data that hold themselves.</summary>
    public static void CheckDepth(int depth)
    {
        if (depth > DepthMax)
        {
            throw new TemplateFunctionException($"data are nested deeper than {DepthMax} levels");
        }
    }

    /// <summary>What <c>%T</c> prints.</summary>
    public static string TypeName(object? data) => GoData.TypeOf(data)?.Name ?? "<nil>";
}
