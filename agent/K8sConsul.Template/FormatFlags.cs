namespace K8sConsul.Template;

/// <summary>What stands between the percent sign and the verb.</summary>
internal struct FormatFlags
{
    /// <summary>At least this many characters.</summary>
    public int? Width { get; set; }

    public int? Precision { get; set; }

    /// <summary>Padding stands on the right.</summary>
    public bool Minus { get; set; }

    public bool Plus { get; set; }

    public bool Sharp { get; set; }

    public bool Space { get; set; }

    public bool Zero { get; set; }

    /// <summary><c>%+v</c>: structures with field names.</summary>
    public bool PlusV { get; set; }

    /// <summary><c>%#v</c>: Go syntax.</summary>
    public bool SharpV { get; set; }

    public readonly bool PadsWithZeros => Zero && !Minus;
}
