namespace K8sConsul.Server.Api;

/// <summary>
/// A request is refused with a status and a text that clients know. Thrown by decoders and validators deep inside a body
/// and turned into an answer in one place, the dispatcher.
/// </summary>
public sealed class ApiRefusedException(int status, string text, bool withReadMeta = false) : Exception(text)
{
    public int Status { get; } = status;

    /// <summary>The read had begun: the answer carries the headers of a read that knows nothing.</summary>
    public bool WithReadMeta { get; } = withReadMeta;

    public static ApiRefusedException BadRequest(string text) => new(400, text);

    public static ApiRefusedException Failed(string text) => new(500, text);
}
