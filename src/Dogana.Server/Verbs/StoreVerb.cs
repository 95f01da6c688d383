using System.CommandLine;
using System.Text.Json;
using Dogana.Client;

namespace Dogana.Server.Verbs;

/// <summary>A verb that works on a store or a file itself, and not by the admin API: what has no server to ask.</summary>
internal static class StoreVerb
{
    /// <summary>Makes the verb: what it does, then JSON or text.</summary>
    /// <param name="name">The verb.</param>
    /// <param name="description">What it does; examples at the end.</param>
    /// <param name="symbols">Its arguments and options.</param>
    /// <param name="run">What it does.</param>
    /// <param name="print">The answer for people.</param>
    public static Command Create<T>(string name, string description, IReadOnlyList<Symbol> symbols, Func<ParseResult, CancellationToken, Task<T>> run, Action<T, TextWriter> print) =>
        Create(name, description, symbols, run, (result, _, output) => print(result, output));

    /// <summary>The same, for an answer that options word differently.</summary>
    public static Command Create<T>(
        string name, string description, IReadOnlyList<Symbol> symbols, Func<ParseResult, CancellationToken, Task<T>> run, Action<T, ParseResult, TextWriter> print)
    {
        var command = new Command(name, description);
        foreach (var symbol in symbols)
        {
            if (symbol is Argument argument)
            {
                command.Arguments.Add(argument);
            }
            else
            {
                command.Options.Add((Option)symbol);
            }
        }

        command.SetAction(async (parsed, cancellation) =>
        {
            var result = await run(parsed, cancellation);
            var output = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(StoreOptions.Json))
            {
                await output.WriteLineAsync(JsonSerializer.Serialize(result, DoganaJson.Indented));
            }
            else
            {
                print(result, parsed, output);
            }

            return ExitCode.Of(result);
        });
        return command;
    }

    /// <summary>Refuses <c>--url</c>, where a verb takes a store alone.</summary>
    public static void RequireStore(ParseResult parsed)
    {
        if (parsed.GetValue(StoreOptions.Url) is not null)
        {
            throw new ProblemException(new Problem(ProblemCode.InvalidRequest, "This works on a store that no server uses: say where it is with --data or --postgres, and leave --url out."));
        }
    }
}
