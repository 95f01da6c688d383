using System.Diagnostics.Metrics;
using Dogana.Filtering;
using Dogana.Gateway.Telemetry;

namespace Dogana.Gateway.Filtering;

/// <summary>What is told of content filters. Where nobody listens it costs next to nothing.</summary>
internal sealed class FilterInstruments : IDisposable
{
    private readonly System.Diagnostics.Metrics.Meter _meter = new(GenAi.Source);
    private readonly Counter<long> _findings;
    private readonly Histogram<double> _duration;

    public FilterInstruments()
    {
        _findings = _meter.CreateCounter<long>(GenAi.FilterFindings, "{call}", "Calls in whose text a content filter found something, or could not look.");
        _duration = _meter.CreateHistogram<double>(GenAi.FilterDuration, "s", "The time in which a content filter looked at a prompt, or at a piece of an answer.");
    }

    // Of a block list only that it was one: lists are many.
    public void Found(FilterCount count) => _findings.Add(
        1, new(GenAi.FilterSource, EnumWords.Of(count.Source)), new(GenAi.FilterCategory, count.Category.Split('/')[0]), new(GenAi.FilterSeverity, EnumWords.Of(count.Severity)),
        new KeyValuePair<string, object?>(GenAi.IsFiltered, count.IsFiltered));

    public void Looked(FilterSource source, TimeSpan elapsed) => _duration.Record(elapsed.TotalSeconds, new KeyValuePair<string, object?>(GenAi.FilterSource, EnumWords.Of(source)));

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();
}
