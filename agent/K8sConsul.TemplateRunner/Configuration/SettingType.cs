namespace K8sConsul.TemplateRunner.Configuration;

/// <summary>What a setting's value is once it was read.</summary>
internal enum SettingType
{
    /// <summary><see cref="string"/>.</summary>
    Text,

    /// <summary><see cref="bool"/>.</summary>
    Flag,

    /// <summary><see cref="long"/>.</summary>
    Number,

    /// <summary><see cref="double"/>.</summary>
    Real,

    /// <summary><see cref="TimeSpan"/>.</summary>
    Duration,

    /// <summary><see cref="int"/>, the signal's number.</summary>
    Signal,

    /// <summary><see cref="UnixFileMode"/>.</summary>
    Mode,

    /// <summary>Array of strings; one value stands for a list of it. Later lists are appended.</summary>
    Texts,

    /// <summary>Array of strings; a single string is one word. Later lists replace.</summary>
    Command,
}
