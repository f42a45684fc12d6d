namespace K8sConsul.State.Commands;

/// <summary>What a node, service or check operation of a transaction does.</summary>
public static class CatalogVerb
{
    public const string Set = "set";
    public const string Cas = "cas";
    public const string Get = "get";
    public const string Delete = "delete";
    public const string DeleteCas = "delete-cas";

    public static bool IsKnown(string verb) => verb is Set or Cas or Get or Delete or DeleteCas;
}
