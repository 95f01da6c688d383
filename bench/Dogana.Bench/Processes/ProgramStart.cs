namespace Dogana.Bench.Processes;

/// <summary>How a server is started.</summary>
/// <param name="Name">What to call it.</param>
/// <param name="FileName">The program.</param>
/// <param name="Arguments">Its arguments.</param>
/// <param name="Address">Where it will listen.</param>
internal sealed record ProgramStart(string Name, string FileName, IReadOnlyList<string> Arguments, Uri Address)
{
    /// <summary>Answers 200 once it is ready.</summary>
    public string ReadyPath { get; init; } = "/healthz/ready";

    /// <summary>Variables of its own.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>A program of this repository.</summary>
    public static ProgramStart OfProject(string project, Uri address, IReadOnlyList<string> arguments) =>
        new(project, "dotnet", [Built.Program(project), .. arguments, "--urls", address.ToString().TrimEnd('/')], address);
}
