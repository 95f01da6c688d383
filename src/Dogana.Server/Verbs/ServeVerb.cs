using System.CommandLine;
using Dogana.Server.Hosting;
using Dogana.Storage;

namespace Dogana.Server.Verbs;

/// <summary><c>dogana serve</c>: the server.</summary>
internal static class ServeVerb
{
    public const string DefaultUrl = "http://127.0.0.1:8080";

    public static Command Create()
    {
        var model = new Option<FileInfo?>("--model") { Description = "A GGUF file of the llama family in the place of the embedded chat model." };
        var drain = new Option<int>("--drain-seconds") { Description = "How long open calls may go on after SIGTERM.", DefaultValueFactory = static _ => 60 };
        var leave = new Option<int>("--leave-seconds") { Description = "How long calls are still taken after SIGTERM while /healthz/ready says 503: until whoever sends calls has looked.", DefaultValueFactory = static _ => 0 };
        var noUpgrade = new Option<bool>("--no-upgrade") { Description = "Do not start on a store of an older version. Without this it is upgraded, after a backup into the data folder." };
        var serve = new Command(
            "serve",
            "Runs the server until SIGTERM or Ctrl-C, then lets open calls end.\n\n"
            + "What the verb does not know goes to the host: --urls, --Kestrel:Certificates:Default:Path=cert.pem, --Logging:LogLevel:Default=Debug …\n\n"
            + "Examples:\n  dogana serve --data /var/lib/dogana\n  dogana serve --data DIR --urls http://0.0.0.0:8080\n"
            + "  dogana serve --data DIR --urls https://0.0.0.0:8443 --Kestrel:Certificates:Default:Path=cert.pem --Kestrel:Certificates:Default:KeyPath=key.pem")
        {
            model, drain, leave, noUpgrade,
        };
        serve.TreatUnmatchedTokensAsErrors = false;
        serve.Validators.Add(result =>
        {
            if (result.GetValue(drain) < 0 || result.GetValue(leave) < 0)
            {
                result.AddError("--drain-seconds and --leave-seconds are 0 or more.");
            }
        });
        serve.SetAction(async (parsed, cancellation) =>
        {
            // The host takes any name in silence: a misspelt --postgres would be an empty SQLite store.
            if (parsed.UnmatchedTokens.FirstOrDefault(static token => token.StartsWith("--", StringComparison.Ordinal) && !IsHostSetting(token)) is { } unknown)
            {
                await parsed.InvocationConfiguration.Error.WriteLineAsync($"dogana: '{unknown}' is no option of serve, nor a setting of the host (--urls, --environment, or a name with a colon).");
                return ExitCode.Misuse;
            }

            var settings = StoreOptions.Settings(parsed) with
            {
                ModelFile = parsed.GetValue(model)?.FullName,
                DrainTimeout = TimeSpan.FromSeconds(parsed.GetValue(drain)),
                LeaveTime = TimeSpan.FromSeconds(parsed.GetValue(leave)),
                Upgrade = parsed.GetValue(noUpgrade) ? StoreUpgrade.Refuse : StoreUpgrade.Run,
            };
            await using var models = EmbeddedModelSet.Load(settings.ModelFile);
            await using var state = await NodeState.OpenAsync(settings, cancellation);
            await using var app = DoganaApplication.Build(settings, state, models.Engine, WithDefaultUrl(parsed.UnmatchedTokens), Leaving.AddTo);
            await Leaving.RunAsync(app, settings.LeaveTime, cancellation);
            return ExitCode.Done;
        });
        return serve;
    }

    private static bool IsHostSetting(string token)
    {
        var name = token.Split('=')[0];
        return name is "--urls" or "--environment" || name.Contains(':', StringComparison.Ordinal);
    }

    // Loopback unless somebody says otherwise: a fresh server is nobody else's.
    private static string[] WithDefaultUrl(IReadOnlyList<string> arguments)
    {
        var isSet = Environment.GetEnvironmentVariable("ASPNETCORE_URLS") is not null || arguments.Any(static argument =>
            argument.StartsWith("--urls", StringComparison.OrdinalIgnoreCase) || argument.StartsWith("--Kestrel:Endpoints", StringComparison.OrdinalIgnoreCase));
        return isSet ? [.. arguments] : [.. arguments, "--urls", DefaultUrl];
    }
}
