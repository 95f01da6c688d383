using System.CommandLine;
using System.Security.Cryptography;
using System.Text.Json;
using Dogana.Access;
using Dogana.Audit;
using Dogana.Client;
using Dogana.Server.Demo;
using Dogana.Server.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Dogana.Server.Verbs;

/// <summary><c>dogana demo</c>: the main job on a real model, in a store of its own.</summary>
internal static class DemoVerb
{
    public static Command Create()
    {
        var keep = new Option<DirectoryInfo?>("--keep") { Description = "Keep the store in this new folder; 'dogana invoice list --data DIR' and the rest work on it." };
        var serve = new Option<bool>("--serve") { Description = "Stay up afterwards, and print an address, a key and three commands to try." };
        var model = new Option<FileInfo?>("--model") { Description = "A GGUF file of the llama family in the place of the embedded chat model." };
        var port = new Option<int>("--port") { Description = "The port to serve on; 0 takes a free one.", DefaultValueFactory = static _ => 0 };
        var demo = new Command(
            "demo",
            "Runs the main job once: two customers call a real model over two channels; their use is metered, priced, invoiced and shared; a family is suspended.\n\n"
            + "Examples:\n  dogana demo\n  dogana demo --json | jq .invoices\n  dogana demo --serve --port 8080\n  dogana demo --keep ./demo-data && dogana verify --data ./demo-data")
        {
            keep, serve, model, port, TwoYearsVerb.Create(),
        };
        demo.SetAction((parsed, cancellation) => RunAsync(
            parsed, parsed.GetValue(keep)?.FullName, parsed.GetValue(model)?.FullName, parsed.GetValue(serve), parsed.GetValue(port), cancellation));
        return demo;
    }

    private static async Task<int> RunAsync(ParseResult parsed, string? keep, string? modelFile, bool staysUp, int port, CancellationToken cancellation)
    {
        var (output, error, json) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error, parsed.GetValue(StoreOptions.Json));
        var folder = keep ?? Directory.CreateTempSubdirectory("dogana-demo-").FullName;
        try
        {
            var settings = new ServerSettings { DataFolder = folder, ModelFile = modelFile, DemoStart = DemoRun.Start, DrainTimeout = TimeSpan.FromSeconds(10) };
            await using var models = EmbeddedModelSet.Load(modelFile);
            await using var state = await NodeState.OpenAsync(settings, cancellation);
            await using var app = DoganaApplication.Build(settings, state, models.Engine, ["--urls", $"http://127.0.0.1:{port}"], static builder =>
                builder.Logging.SetMinimumLevel(LogLevel.Warning));
            await app.StartAsync(cancellation);
            var url = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

            var adminKey = await CreateAdminKeyAsync(state, cancellation);
            using var admin = new AdminClient(new HttpClient { BaseAddress = url }, adminKey);
            using var calls = new DemoCalls(url);
            var run = new DemoRun(admin, calls, (DemoClock)state.Time, step => error.WriteLine($"… {step}"));
            var report = await run.RunAsync(Path.Combine(AppContext.BaseDirectory, "samples", "opening-day.yaml"), cancellation);
            var address = new DemoAddress(url.GetLeftPart(UriPartial.Authority), run.Key!, adminKey);
            if (json)
            {
                if (staysUp)
                {
                    await output.WriteLineAsync(JsonSerializer.Serialize(address, DoganaJson.Options));
                }

                await output.WriteLineAsync(JsonSerializer.Serialize(report, DoganaJson.Indented));
            }
            else
            {
                DemoText.Write(report, output);
                if (keep is not null)
                {
                    await output.WriteLineAsync($"\nThe store is kept in {keep}. Try: dogana invoice list --data {keep}");
                }

                if (staysUp)
                {
                    DemoText.WriteCommands(address, output);
                }
            }

            await output.FlushAsync(cancellation);
            await (staysUp ? app.WaitForShutdownAsync(cancellation) : app.StopAsync(cancellation));
            return report.Ledger.Verified ? ExitCode.Done : ExitCode.No;
        }
        finally
        {
            if (keep is null)
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    private static async Task<string> CreateAdminKeyAsync(NodeState state, CancellationToken cancellation)
    {
        using var random = RandomNumberGenerator.Create();
        return (await state.Store.WriteAsync(
            session => ApiKeys.CreateAsync(session, project: null, "demo", expiresAt: null, random, Actor.Operator, state.Time.GetUtcNow()), cancellation)).Value.Text;
    }
}
