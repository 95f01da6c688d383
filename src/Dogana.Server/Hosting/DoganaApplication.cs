using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Dogana.Access;
using Dogana.Authority;
using Dogana.Client;
using Dogana.Gateway;
using Dogana.Identity;
using Dogana.Limits;
using Dogana.Metering;

namespace Dogana.Server.Hosting;

/// <summary>Composes the process: the store, the journal, the gateway, the admin API, the background work.</summary>
internal static class DoganaApplication
{
    /// <summary>Builds the application. It owns nothing that is passed in.</summary>
    /// <param name="settings">What to serve.</param>
    /// <param name="state">The open store and journal.</param>
    /// <param name="engine">The embedded models; null where none are served.</param>
    /// <param name="arguments">Ordinary host arguments, as <c>--urls</c>.</param>
    /// <param name="configure">What only this process wants: where it listens, how it logs.</param>
    public static WebApplication Build(
        ServerSettings settings, NodeState state, EmbeddedEngine? engine, string[] arguments, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = arguments, ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(static kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 5 * 1024 * 1024; // a world file and a bit; the data plane has its own limit, answered in its dialect
        });
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = settings.DrainTimeout);
        builder.Services.ConfigureHttpJsonOptions(static json =>
        {
            json.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
            json.SerializerOptions.Encoder = DoganaJson.Options.Encoder;

            // A misspelt field must not become a default: "project_id" would make an admin key.
            json.SerializerOptions.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
            json.SerializerOptions.RespectNullableAnnotations = true;
            json.SerializerOptions.RespectRequiredConstructorParameters = true;
        });
        builder.Services.Configure<RouteHandlerOptions>(static routes => routes.ThrowOnBadRequest = true); // answered at the edge, in our shape
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.Services.AddAdminDocument();
        builder.Services.AddSingleton(state.Time);
        builder.Services.AddSingleton(state.Store);
        builder.Services.AddSingleton(state.Ring);
        builder.Services.AddSingleton(RandomNumberGenerator.Create());
        builder.Services.AddSingleton<IPersons, KeyOwners>();
        builder.Services.AddSingleton<EventIntake>().AddSingleton<Leaving>();
        builder.Services.AddSingleton<SignIn>().AddSingleton<SecondFactor>().AddSingleton<OidcSignIn>();
        NoticeSending.AddTo(builder, state, settings.ServesModels);
        CheckpointSigning.AddTo(builder, settings.ServesModels);
        RetentionUpkeep.AddTo(builder.Services, state.Journal, settings.ServesModels);
        if (state.Journal is { } journal)
        {
            builder.Services.AddSingleton(journal);
            builder.Services.AddSingleton<IUsagePosting, BudgetPosting>();
            builder.Services.AddSingleton<CapacityHours>();
            builder.Services.AddSingleton<UsageShipping>();
            builder.Services.AddHostedService(static provider => provider.GetRequiredService<UsageShipping>());
        }

        if (settings.ServesModels)
        {
            AddServing(builder, state, engine);
        }

        FileWork.AddTo(builder, settings.ServesModels);
        configure?.Invoke(builder);
        var app = builder.Build();
        app.UseAdminErrors();
        if (settings.ServesModels)
        {
            app.UseLeaving();
            app.UseAdminDoor();
        }
        else
        {
            app.UseOperator(settings.Operator);
        }

        app.MapAdminApi();
        if (settings.ServesModels)
        {
            app.MapGateway();
            app.MapHealth();
        }

        return app;
    }

    // What takes calls, and what looks after it.
    private static void AddServing(WebApplicationBuilder builder, NodeState state, EmbeddedEngine? engine)
    {
        builder.Services.AddGateway(GatewaySettings.Read(builder.Configuration), GatewaySettings.ReadCountries(builder.Configuration, state.Time), static () => RandomNumberGenerator.GetInt32(int.MaxValue) / (double)int.MaxValue);
        LeaseUpkeep.AddTo(builder.Services);
        builder.Services.AddHostedService<RefusalUpkeep>();
        builder.Services.AddHostedService<FilterUpkeep>();
        ConductWatching.AddTo(builder.Services, builder.Configuration);
        TelemetryExport.AddTo(builder.Services, state);
        builder.Services.AddHostedService<KeyRingRefresh>();
        builder.Services.AddHostedService<IdempotencyUpkeep>();
        builder.Services.AddHostedService<DueNotices>();
        builder.Services.AddHostedService<CaseDeadlines>();
        builder.Services.AddHostedService<InsightUpkeep>();
        if (engine is not null)
        {
            builder.Services.AddSingleton(engine);
        }
    }
}
