using System.Diagnostics.CodeAnalysis;

namespace Dogana.Bench;

/// <summary>What the command line asks for.</summary>
internal sealed record BenchOptions(string Name, bool IsQuick, bool IsJson, bool IsList)
{
    public static bool TryRead(IReadOnlyList<string> arguments, [NotNullWhen(true)] out BenchOptions? options, [NotNullWhen(false)] out string? wrong)
    {
        options = new BenchOptions("", false, false, false);
        wrong = null;
        foreach (var argument in arguments)
        {
            (options, wrong) = argument switch
            {
                "--quick" => (options with { IsQuick = true }, wrong),
                "--json" => (options with { IsJson = true }, wrong),
                "--list" => (options with { IsList = true }, wrong),
                _ when argument.StartsWith('-') => (options, $"there is no option '{argument}'"),
                _ when options.Name.Length > 0 => (options, $"one benchmark at a time: '{options.Name}' or '{argument}'"),
                _ => (options with { Name = argument }, wrong),
            };
        }

        wrong ??= options.Name.Length == 0 && !options.IsList ? "name a benchmark; ./bench/run --list names them" : null;
        return wrong is null;
    }
}
