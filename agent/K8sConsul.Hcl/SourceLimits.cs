namespace K8sConsul.Hcl;

/// <summary>What a source text may ask for. Real configurations stay far below both.</summary>
internal static class SourceLimits
{
    /// <summary>Large enough for a generated file of tens of thousands of services.</summary>
    public const int SourceBytesMax = 64 * 1024 * 1024;

    /// <summary>Lists and objects within each other. The parsers recurse, so that this bounds the stack.</summary>
    public const int NestingMax = 200;

    public static string TooLarge(int sizeBytes)
    {
        return $"the text has {sizeBytes} bytes, more than the {SourceBytesMax} allowed";
    }
}
