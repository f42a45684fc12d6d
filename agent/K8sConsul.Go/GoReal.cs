using System.Globalization;

namespace K8sConsul.Go;

/// <summary>Fractions as Go's <c>%v</c> prints them.</summary>
public static class GoReal
{
    public static string Format(double value)
    {
        double magnitude = Math.Abs(value);
        if (magnitude != 0 && magnitude is < 1e-4 or >= 1e21)
        {
            string text = value.ToString("R", CultureInfo.InvariantCulture);
            int at = text.IndexOf('E', StringComparison.Ordinal);
            if (at < 0)
            {
                text = value.ToString("0.################E+00", CultureInfo.InvariantCulture);
                at = text.IndexOf('E', StringComparison.Ordinal);
            }

            return string.Concat(text.AsSpan(0, at), "e", text.AsSpan(at + 1));
        }

        return value.ToString("0.#####################", CultureInfo.InvariantCulture);
    }
}
