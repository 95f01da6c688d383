using System.Text;
using Dogana.Client;

namespace Dogana.Server.Verbs;

/// <summary>Reads a secret from where other users of the machine do not see it: standard input, an environment variable or a file.</summary>
internal static class SecretText
{
    private const int CharactersMax = 64 * 1024;

    /// <summary>The secret's first line. At a terminal it is asked for, and what is typed is not shown.</summary>
    public static async Task<string> ReadAsync(string prompt, string? variable, FileInfo? file, CancellationToken cancellation)
    {
        if (variable is not null)
        {
            return Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value
                ? value.Trim()
                : throw new DoganaException(400, null, $"The environment variable {variable} is not set. Name another one, or give the key on standard input.", "");
        }

        if (file is not null)
        {
            if (!file.Exists || file.Length > CharactersMax)
            {
                throw new DoganaException(400, null, file.Exists ? $"{file.FullName} is too large to be a key." : $"There is no file {file.FullName}.", "");
            }

            return (await File.ReadAllTextAsync(file.FullName, cancellation)).Trim();
        }

        if (!Console.IsInputRedirected)
        {
            return Ask(prompt);
        }

        var buffer = new char[CharactersMax];
        var length = await Console.In.ReadBlockAsync(buffer, cancellation);
        return new string(buffer, 0, length).Trim();
    }

    private static string Ask(string prompt)
    {
        Console.Error.Write(prompt);
        var text = new StringBuilder();
        for (ConsoleKeyInfo key; (key = Console.ReadKey(intercept: true)).Key != ConsoleKey.Enter && text.Length < CharactersMax;)
        {
            if (key.Key == ConsoleKey.Backspace)
            {
                text.Length -= text.Length > 0 ? 1 : 0;
            }
            else if (!char.IsControl(key.KeyChar))
            {
                text.Append(key.KeyChar);
            }
        }

        Console.Error.WriteLine();
        return text.ToString().Trim();
    }
}
