using System.Globalization;
using System.Text;

namespace K8sConsul.Agent.Configuration;

/// <summary>Several mistakes in one text, laid out as Go's multierror does.</summary>
internal sealed class ErrorList
{
    private readonly List<string> _errors = [];

    public bool Any => _errors.Count > 0;

    public void Add(string error)
    {
        _errors.Add(error);
    }

    /// <summary>Ends with an empty line.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(_errors.Count == 1
            ? "1 error occurred:"
            : string.Create(CultureInfo.InvariantCulture, $"{_errors.Count} errors occurred:"));
        foreach (string error in _errors)
        {
            text.Append("\n\t* ").Append(error);
        }

        return text.Append("\n\n").ToString();
    }
}
