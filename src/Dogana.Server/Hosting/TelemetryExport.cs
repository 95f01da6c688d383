using Dogana.Gateway;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Dogana.Server.Hosting;

/// <summary>
/// Sends metrics and traces to an OTLP collector where OpenTelemetry's own variables name one (<c>OTEL_EXPORTER_OTLP_ENDPOINT</c>, <c>_PROTOCOL</c>,
/// <c>_HEADERS</c>, <c>OTEL_METRIC_EXPORT_INTERVAL</c>, …); without them nothing is collected.
/// </summary>
internal sealed class TelemetryExport(NodeState state) : IHostedService, IDisposable
{
    public const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    private static readonly string[] PlatformMeters = ["Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Net.Http", "System.Runtime"];

    private MeterProvider? _meters;
    private TracerProvider? _tracers;

    /// <summary>Adds it where a collector is named.</summary>
    public static void AddTo(IServiceCollection services, NodeState state)
    {
        if (!string.IsNullOrEmpty(Environment.GetEnvironmentVariable(Endpoint)))
        {
            services.AddHostedService(_ => new TelemetryExport(state));
        }
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        var resource = ResourceBuilder.CreateDefault().AddService("dogana", serviceInstanceId: state.Journal?.Node);
        _meters = Sdk.CreateMeterProviderBuilder().SetResourceBuilder(resource).AddMeter(GatewayModule.TelemetrySource).AddMeter(PlatformMeters).AddOtlpExporter().Build();

        // The platform's span of the request is the parent of the call's: collected with it, or a parent that nobody records would silence the child.
        _tracers = Sdk.CreateTracerProviderBuilder().SetResourceBuilder(resource).AddSource("Microsoft.AspNetCore", GatewayModule.TelemetrySource).AddOtlpExporter().Build();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    // What was collected and not yet sent goes out, in a bounded time.
    /// <inheritdoc/>
    public void Dispose()
    {
        _meters?.Dispose();
        _tracers?.Dispose();
        (_meters, _tracers) = (null, null);
    }
}
