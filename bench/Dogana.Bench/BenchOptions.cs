using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Dogana.Bench;

/// <summary>What the command line asks for.</summary>
internal sealed record BenchOptions(string Name, bool IsQuick, bool IsJson, bool IsList, double? Minutes, long? Calls, int? Seeds, int? Kills, string? Data)
{
    public static bool TryRead(IReadOnlyList<string> arguments, [NotNullWhen(true)] out BenchOptions? options, [NotNullWhen(false)] out string? wrong)
    {
        options = new BenchOptions("", false, false, false, null, null, null, null, null);
        wrong = null;
        for (var index = 0; index < arguments.Count; index++)
        {
            var argument = arguments[index];
            switch (argument)
            {
                case "--quick":
                    options = options with { IsQuick = true };
                    break;
                case "--json":
                    options = options with { IsJson = true };
                    break;
                case "--list":
                    options = options with { IsList = true };
                    break;
                case "--minutes" when TryReadNumber(arguments, ref index, out var minutes):
                    options = options with { Minutes = minutes };
                    break;
                case "--calls" when TryReadNumber(arguments, ref index, out var calls):
                    options = options with { Calls = (long)calls };
                    break;
                case "--seeds" when TryReadNumber(arguments, ref index, out var seeds):
                    options = options with { Seeds = (int)seeds };
                    break;
                case "--kills" when TryReadNumber(arguments, ref index, out var kills):
                    options = options with { Kills = (int)kills };
                    break;
                case "--data" when index + 1 < arguments.Count:
                    options = options with { Data = arguments[++index] };
                    break;
                case "--data":
                    wrong ??= "'--data' needs a folder";
                    break;
                case "--minutes" or "--calls" or "--seeds" or "--kills":
                    wrong ??= $"'{argument}' needs a number above 0";
                    break;
                default:
                    wrong ??= argument.StartsWith('-') ? $"there is no option '{argument}'"
                        : options.Name.Length > 0 ? $"one benchmark at a time: '{options.Name}' or '{argument}'"
                        : null;
                    options = options with { Name = argument };
                    break;
            }
        }

        wrong ??= options.Name.Length == 0 && !options.IsList ? "name a benchmark; ./bench/run --list names them" : null;
        return wrong is null;
    }

    private static bool TryReadNumber(IReadOnlyList<string> arguments, ref int index, out double number)
    {
        number = 0;
        if (index + 1 >= arguments.Count
            || !double.TryParse(arguments[index + 1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out number)
            || number <= 0)
        {
            return false;
        }

        index++;
        return true;
    }
}
