using System.CommandLine;
using Dogana.Server.Hosting;

namespace Dogana.Server.Verbs;

/// <summary><c>dogana serve</c>: the server.</summary>
internal static class ServeVerb
{
    public const string DefaultUrl = "http://127.0.0.1:8080";

    public static Command Create()
    {
        var model = new Option<FileInfo?>("--model") { Description = "A GGUF file of the llama family in the place of the embedded chat model." };
        var drain = new Option<int>("--drain-seconds") { Description = "How long open calls may go on after SIGTERM.", DefaultValueFactory = static _ => 60 };
        var serve = new Command(
            "serve",
            "Runs the server until SIGTERM or Ctrl-C, then lets open calls end.\n\n"
            + "What the verb does not know goes to the host: --urls, --Kestrel:Certificates:Default:Path=cert.pem, --Logging:LogLevel:Default=Debug …\n\n"
            + "Examples:\n  dogana serve --data /var/lib/dogana\n  dogana serve --data DIR --urls http://0.0.0.0:8080\n"
            + "  dogana serve --data DIR --urls https://0.0.0.0:8443 --Kestrel:Certificates:Default:Path=cert.pem --Kestrel:Certificates:Default:KeyPath=key.pem")
        {
            model, drain,
        };
        serve.TreatUnmatchedTokensAsErrors = false;
        serve.SetAction(async (parsed, cancellation) =>
        {
            var settings = StoreOptions.Settings(parsed) with
            {
                ModelFile = parsed.GetValue(model)?.FullName,
                DrainTimeout = TimeSpan.FromSeconds(parsed.GetValue(drain)),
            };
            await using var models = EmbeddedModelSet.Load(settings.ModelFile);
            await using var state = await NodeState.OpenAsync(settings, cancellation);
            await using var app = DoganaApplication.Build(settings, state, models.Engine, WithDefaultUrl(parsed.UnmatchedTokens));
            await app.RunAsync(cancellation);
            return ExitCode.Done;
        });
        return serve;
    }

    // Loopback unless somebody says otherwise: a fresh server is nobody else's.
    private static string[] WithDefaultUrl(IReadOnlyList<string> arguments)
    {
        var isSet = Environment.GetEnvironmentVariable("ASPNETCORE_URLS") is not null || arguments.Any(static argument =>
            argument.StartsWith("--urls", StringComparison.OrdinalIgnoreCase) || argument.StartsWith("--Kestrel:Endpoints", StringComparison.OrdinalIgnoreCase));
        return isSet ? [.. arguments] : [.. arguments, "--urls", DefaultUrl];
    }
}
