namespace K8sConsul.EndToEnd.Tests;

/// <summary>
/// Tests that use what the whole checkout or the whole machine has one of: the ports that documentation names, and the published
/// program, which they write anew. They run one after the other when all others are done.
/// </summary>
[CollectionDefinition(nameof(AloneCollection), DisableParallelization = true)]
public sealed class AloneCollection;
