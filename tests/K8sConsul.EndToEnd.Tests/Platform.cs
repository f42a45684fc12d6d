using System.Runtime.Versioning;

// Signals, file modes and other users' processes are what these tests are about.
[assembly: SupportedOSPlatform("linux")]
