using Dogana.Client;

namespace Dogana.Server.Verbs;

/// <summary>What only one person knows, from a variable of the environment, the terminal or a line of standard input: never from the command line.</summary>
internal static class PersonalText
{
    public static async Task<string> ReadAsync(string prompt, string variable, CancellationToken cancellation)
    {
        if (Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value)
        {
            return value;
        }

        if (!Console.IsInputRedirected)
        {
            return await SecretText.ReadAsync(prompt, variable: null, file: null, cancellation);
        }

        return await Console.In.ReadLineAsync(cancellation) is { Length: > 0 } line
            ? line
            : throw new DoganaException(400, null, $"Give it in {variable}, or as a line of standard input.", "");
    }
}
