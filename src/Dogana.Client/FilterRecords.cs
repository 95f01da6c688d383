namespace Dogana.Client;

/// <summary>What a content filter found in an hour, as a count of calls. No text is kept anywhere.</summary>
/// <param name="Id">The row's key.</param>
/// <param name="Hour">The hour's first instant.</param>
/// <param name="Project">Whose calls.</param>
/// <param name="Policy">The filter policy; where two applied, both, joined by a plus sign.</param>
/// <param name="Source">In whose text: <c>prompt</c> or <c>completion</c>.</param>
/// <param name="Category"><c>hate</c>, <c>sexual</c>, <c>violence</c>, <c>self_harm</c>; <c>block_list/ID</c>; <c>error</c> for what could not be looked at; <c>checked</c> for all calls that were.</param>
/// <param name="Severity"><c>safe</c>, <c>low</c>, <c>medium</c> or <c>high</c>; <c>safe</c> where the category has none.</param>
/// <param name="Filtered">Was the text withheld for it?</param>
/// <param name="Count">How many calls.</param>
public sealed record FilterFindingRecord(
    string Id, DateTimeOffset Hour, string Project, string Policy, string Source, string Category, string Severity, bool Filtered, long Count);
