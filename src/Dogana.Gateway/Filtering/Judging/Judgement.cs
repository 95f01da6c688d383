using System.Text.Json;
using Dogana.Filtering;

namespace Dogana.Gateway.Filtering.Judging;

/// <summary>What the policies of a call make of a text.</summary>
/// <param name="By">The policies.</param>
/// <param name="Source">Whose text it is.</param>
/// <param name="Severities">The highest severities in it.</param>
/// <param name="Lists">The block lists of which something is in it.</param>
/// <param name="HasFailed">Could not all of it be looked at?</param>
internal sealed record Judgement(AppliedFilter By, FilterSource Source, FilterSeverities Severities, IReadOnlyList<FilterListHit> Lists, bool HasFailed)
{
    private IReadOnlyList<FilterFinding>? _findings;

    /// <summary>The categories that were looked for.</summary>
    public IReadOnlyList<FilterFinding> Findings => _findings ??= By.Judge(Source, Severities);

    /// <summary>Is the text withheld?</summary>
    public bool IsFiltered => Findings.Any(static finding => finding.IsFiltered) || Lists.Any(static hit => hit.IsFiltered);

    /// <summary>Nothing was found, or looked at yet.</summary>
    public static Judgement Clean(AppliedFilter by, FilterSource source) => new(by, source, default, [], HasFailed: false);

    /// <summary>The same text and more of it.</summary>
    public Judgement And(Judgement more) =>
        new(By, Source, Severities.Or(more.Severities), [.. Lists.Concat(more.Lists).Distinct()], HasFailed || more.HasFailed);

    /// <summary>
    /// Writes Azure OpenAI's <c>content_filter_results</c>. Source: Microsoft Learn, "Content filtering annotations"; <c>custom_blocklists</c> as in its API reference.
    /// </summary>
    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        if (HasFailed)
        {
            writer.WriteStartObject("error");
            writer.WriteString("code", "content_filter_error");
            writer.WriteString("message", "The contents are not filtered");
            writer.WriteEndObject();
        }

        if (!HasFailed || IsFiltered)
        {
            foreach (var finding in Findings)
            {
                writer.WriteStartObject(EnumWords.Of(finding.Category));
                writer.WriteBoolean("filtered", finding.IsFiltered);
                writer.WriteString("severity", EnumWords.Of(finding.Severity));
                writer.WriteEndObject();
            }
        }

        if (Lists.Count > 0)
        {
            writer.WriteStartObject("custom_blocklists");
            writer.WriteBoolean("filtered", Lists.Any(static hit => hit.IsFiltered));
            writer.WriteStartArray("details");
            foreach (var hit in Lists)
            {
                writer.WriteStartObject();
                writer.WriteBoolean("filtered", hit.IsFiltered);
                writer.WriteString("id", hit.BlockList);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }
}
