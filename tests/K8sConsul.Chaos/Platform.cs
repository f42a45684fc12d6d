using System.Runtime.Versioning;

// Network namespaces and signals are what this program works with.
[assembly: SupportedOSPlatform("linux")]
