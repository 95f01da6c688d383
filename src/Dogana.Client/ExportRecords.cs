using System.Text.Json;

namespace Dogana.Client;

/// <summary>What is to be sent to a marketplace.</summary>
/// <param name="Channel">The channel.</param>
/// <param name="Format"><c>aws</c> or <c>azure</c>.</param>
/// <param name="Records">How many records the batches hold.</param>
/// <param name="Batches">Request bodies, each of at most 25 records, in the marketplace's own form.</param>
public sealed record ChannelExportBatches(string Channel, string Format, long Records, IReadOnlyList<JsonElement> Batches);

/// <summary>One hour of a resource and a dimension, as it was counted for a marketplace.</summary>
/// <param name="Export">The channel export.</param>
/// <param name="Hour">The hour's first instant.</param>
/// <param name="Resource">The marketplace's resource.</param>
/// <param name="Dimension">The marketplace's dimension.</param>
/// <param name="Units">Metered units when the hour was closed.</param>
/// <param name="Quantity">What is reported.</param>
/// <param name="State"><c>counted</c>, <c>written</c>, <c>accepted</c>, <c>duplicate</c> or <c>expired</c>.</param>
public sealed record ChannelExportRecord(string Export, DateTimeOffset Hour, string Resource, string Dimension, long Units, long Quantity, string State);

/// <summary>What a marketplace said of records.</summary>
/// <param name="Results">One for each record.</param>
public sealed record ChannelExportAcknowledgement(IReadOnlyList<ChannelExportResult> Results);

/// <summary>What a marketplace said of one record.</summary>
/// <param name="Hour">The hour's first instant.</param>
/// <param name="Resource">The resource.</param>
/// <param name="Dimension">The dimension.</param>
/// <param name="Result"><c>accepted</c> (also HTTP 200), <c>duplicate</c> or <c>expired</c>.</param>
public sealed record ChannelExportResult(DateTimeOffset Hour, string Resource, string Dimension, string Result);

/// <summary>How many results were kept.</summary>
/// <param name="Acknowledged">How many.</param>
public sealed record ChannelExportAcknowledged(long Acknowledged);
