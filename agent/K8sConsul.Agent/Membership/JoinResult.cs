using System.Globalization;
using System.Text;

namespace K8sConsul.Agent.Membership;

/// <summary>What became of a join.</summary>
/// <param name="Contacted">Peers with which state was exchanged; the join succeeded if it is not 0.</param>
/// <param name="Errors">One text for each address that failed.</param>
public sealed record JoinResult(int Contacted, IReadOnlyList<string> Errors)
{
    public bool Succeeded => Contacted > 0;

    /// <summary>The errors in the form of Go's multierror, which Consul's clients are shown; empty when the join succeeded.</summary>
    public string ErrorText
    {
        get
        {
            if (Succeeded || Errors.Count == 0)
            {
                return string.Empty;
            }

            var text = new StringBuilder();
            text.Append(CultureInfo.InvariantCulture, $"{Errors.Count} error{(Errors.Count == 1 ? string.Empty : "s")} occurred:");
            foreach (string error in Errors)
            {
                text.Append("\n\t* ").Append(error);
            }

            return text.Append("\n\n").ToString();
        }
    }
}
