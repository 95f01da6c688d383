namespace Dogana.Bench;

/// <summary>How a run ends. A missed goal is no failure: a figure is published, never bent.</summary>
internal static class ExitCode
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int Misuse = 2;
}
