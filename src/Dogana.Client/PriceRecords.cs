namespace Dogana.Client;

/// <summary>A price book.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">For people.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Kind"><c>sale</c>: what customers pay; <c>cost</c>: what upstreams charge.</param>
/// <param name="Versions">The first instants of its versions, the earliest first.</param>
public sealed record PriceBookRecord(string Id, string Name, string Currency, string Kind, IReadOnlyList<DateTimeOffset> Versions);

/// <summary>A published price.</summary>
/// <param name="Book">The book.</param>
/// <param name="EffectiveFrom">The first instant of its version.</param>
/// <param name="EffectiveTo">The first instant of the next version; null while there is none.</param>
/// <param name="IsRetroactive">Was the version published to begin in the past?</param>
/// <param name="Model">The model, or the type of deployment of reserved units.</param>
/// <param name="Meter">The meter.</param>
/// <param name="Key">Names it among those of its version, model and meter.</param>
/// <param name="Kind"><c>unit</c>, <c>package</c>, <c>graduated</c>, <c>volume</c> or <c>flat</c>.</param>
/// <param name="ServiceTier">For calls served in this tier.</param>
/// <param name="PromptAbove">For prompts of more tokens; 0 for any.</param>
/// <param name="Amount">Decimal text, for <paramref name="Per"/> units; null where tiers say it.</param>
/// <param name="Per">Units.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Tiers">The tiers of graduated and volume prices.</param>
public sealed record PriceRecord(
    string Book, DateTimeOffset EffectiveFrom, DateTimeOffset? EffectiveTo, bool IsRetroactive, string Model, string Meter, string Key, string Kind, string ServiceTier,
    long PromptAbove, string? Amount, long Per, string Currency, IReadOnlyList<PriceTierRecord> Tiers);

/// <summary>A step of a price.</summary>
/// <param name="UpTo">Its last unit in a billing period; null for the last one.</param>
/// <param name="Amount">Decimal text, for the price's units.</param>
/// <param name="Flat">Once, decimal text.</param>
public sealed record PriceTierRecord(long? UpTo, string Amount, string Flat);

/// <summary>Price books as CSV, to be published.</summary>
/// <param name="Csv">As <c>dogana price export</c> writes it.</param>
/// <param name="DryRun">Only say what would change?</param>
public sealed record PriceImportRequest(string Csv, bool DryRun = false);

/// <summary>Price books as a file.</summary>
/// <param name="Format"><c>csv</c> or <c>yaml</c>.</param>
/// <param name="Text">The file's text.</param>
public sealed record PriceExport(string Format, string Text);

/// <summary>By which price a quantity is charged, and how.</summary>
/// <param name="Organisation">The customer.</param>
/// <param name="Channel">The channel.</param>
/// <param name="Contract">The contract in force.</param>
/// <param name="Price">The price.</param>
/// <param name="Meter">What is counted; another than the price's where it has no price of its own.</param>
/// <param name="At">The instant.</param>
/// <param name="Quantity">Units in the billing period.</param>
/// <param name="Parts">What each part of it costs.</param>
/// <param name="Amount">The exact sum, as text.</param>
public sealed record PriceExplanation(
    string Organisation, string Channel, string Contract, PriceRecord Price, string Meter, DateTimeOffset At, long Quantity, IReadOnlyList<PricedPartRecord> Parts, string Amount);

/// <summary>A part of a quantity and its cost.</summary>
/// <param name="UpTo">The tier's last unit; null where there is none.</param>
/// <param name="Quantity">Units charged in it.</param>
/// <param name="Amount">For the price's units.</param>
/// <param name="Flat">Once.</param>
/// <param name="Cost">The exact cost.</param>
public sealed record PricedPartRecord(long? UpTo, long Quantity, string Amount, string Flat, string Cost);
