using Dogana.Catalog;
using Dogana.Filtering;
using Dogana.Gateway.Dialects;
using Dogana.Gateway.Filtering.Judging;
using Dogana.Gateway.Requests;
using Dogana.Gateway.Snapshots;
using Dogana.Parties;

namespace Dogana.Gateway.Filtering;

/// <summary>Gives each call its content filter.</summary>
internal sealed class CallFilters(TextJudge judge, FilterCounts counts, FilterInstruments instruments, TimeProvider time)
{
    /// <summary>A call's filter; null where neither its project nor its deployment names a policy.</summary>
    public CallFilter? For(GatewaySnapshot snapshot, Project project, Deployment deployment, CallRequest request, Dialect dialect) =>
        snapshot.Filters.Find(project.FilterPolicy, deployment.FilterPolicy) is { } applied ? new CallFilter(applied, request, dialect, project.Id, judge, Count) : null;

    private async Task<Judgement> Count(string project, HashSet<FilterCount> counted, Func<Task<Judgement>> look)
    {
        var began = time.GetTimestamp();
        var judgement = await look();
        instruments.Looked(judgement.Source, time.GetElapsedTime(began));
        var of = new FilterCount(project, judgement.By.Name, judgement.Source, "checked", FilterSeverity.Safe, IsFiltered: false);
        if (counted.Add(of))
        {
            counts.Add(of, time.GetUtcNow());
        }

        foreach (var found in judgement.Findings.Where(static finding => finding.IsFound).Select(finding => of with { Category = EnumWords.Of(finding.Category), Severity = finding.Severity, IsFiltered = finding.IsFiltered })
            .Concat(judgement.Lists.Select(hit => of with { Category = $"block_list/{hit.BlockList}", IsFiltered = hit.IsFiltered }))
            .Concat(judgement.HasFailed ? [of with { Category = "error", IsFiltered = judgement.By.FailsClosed }] : []))
        {
            // Once for a call, in however many pieces its answer comes.
            if (counted.Add(found))
            {
                counts.Add(found, time.GetUtcNow());
                instruments.Found(found);
            }
        }

        return judgement;
    }
}
