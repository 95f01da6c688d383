namespace Dogana.Client;

/// <summary>An alert to set.</summary>
/// <param name="Measure"><c>largest_share</c>, <c>index</c>, <c>growth</c>, <c>net_retention</c>, <c>gross_retention</c>, <c>commitment_coverage</c> or <c>guidance_to_meet</c>.</param>
/// <param name="Comparison"><c>above</c> or <c>below</c>.</param>
/// <param name="Threshold">Decimal text, in the measure's own unit: 0.25 for a share of 25 %.</param>
/// <param name="Tells">The organisation whose notice targets hear of it.</param>
/// <param name="Axis">Who counts as one: <c>family</c> when null.</param>
/// <param name="Months">How many months: 3 when null.</param>
/// <param name="Currency">In which currency; the only one there is when null.</param>
/// <param name="Seller">Only this seller's documents.</param>
/// <param name="Channel">Only this channel.</param>
/// <param name="Owner">Only this owner's models.</param>
/// <param name="Series">Which series, for <c>guidance_to_meet</c>; the total when null.</param>
public sealed record AlertRequest(
    string Measure, string Comparison, string Threshold, string Tells, string? Axis = null, int? Months = null, string? Currency = null, string? Seller = null, string? Channel = null,
    string? Owner = null, string? Series = null);

/// <summary>An alert, and how it stood when it was looked at last.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Measure">What it looks at.</param>
/// <param name="Comparison"><c>above</c> or <c>below</c>.</param>
/// <param name="Threshold">Decimal text.</param>
/// <param name="Tells">Whom it tells.</param>
/// <param name="Axis">Who counts as one.</param>
/// <param name="Months">How many months.</param>
/// <param name="Currency">In which currency.</param>
/// <param name="Seller">Only this seller's.</param>
/// <param name="Channel">Only this channel.</param>
/// <param name="Owner">Only this owner's models.</param>
/// <param name="Series">Which series.</param>
/// <param name="IsCrossed">Is the threshold crossed?</param>
/// <param name="Crossings">How often it was; somebody was told as often.</param>
/// <param name="Value">The measure, or why there is none; null before it was looked at.</param>
/// <param name="EvaluatedAt">When.</param>
public sealed record AlertRecord(
    string Id, string Measure, string Comparison, string Threshold, string Tells, string Axis, int Months, string? Currency, string? Seller, string? Channel, string? Owner, string? Series,
    bool IsCrossed, long Crossings, string? Value, DateTimeOffset? EvaluatedAt);
