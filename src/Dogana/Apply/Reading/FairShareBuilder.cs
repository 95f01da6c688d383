using Dogana.Catalog;
using Dogana.Parties;

namespace Dogana.Apply.Reading;

/// <summary>Makes service tiers and shares of places of what was read.</summary>
internal sealed class FairShareBuilder(FaultCollector faults)
{
    public static Organisation Share(Organisation organisation, ReadItem item) => organisation with { Weight = (int)(item.Find<long>("weight") ?? 1) };

    public Project Tier(Project project, ReadItem item)
    {
        project = project with { ServiceTier = item.FindText("service_tier") ?? EnumWords.Of(ServiceTier.Standard), MayUsePriority = item.Find<bool>("priority") ?? false };
        if (project.ServiceTier == EnumWords.Of(ServiceTier.Priority) && !project.MayUsePriority)
        {
            faults.Add(item.PlaceOf("service_tier"), "The project may not use this tier.", "Write 'priority: true' too, or another tier.");
        }

        return project;
    }

    public Upstream Places(Upstream upstream, ReadItem item)
    {
        if (item.Find<bool>("forwards_service_tier") == true && upstream.Kind is not (UpstreamKind.OpenAi or UpstreamKind.AzureOpenAi))
        {
            faults.Add(item.PlaceOf("forwards_service_tier"), "Only OpenAI and Azure OpenAI have these tiers.", "Delete the key.");
        }

        foreach (var key in new[] { "queue_max", "queue_seconds" })
        {
            if (item.Has(key) && !item.Has("open_calls_max"))
            {
                faults.Add(item.PlaceOf(key), "Without a bound nothing waits.", "Write open_calls_max too, or delete the key.");
            }
        }

        return upstream with
        {
            OpenCallsMax = (int?)item.Find<long>("open_calls_max"),
            QueueMax = (int)(item.Find<long>("queue_max") ?? upstream.QueueMax),
            QueueTime = item.Find<long>("queue_seconds") is { } seconds ? TimeSpan.FromSeconds(seconds) : upstream.QueueTime,
            ForwardsServiceTier = item.Find<bool>("forwards_service_tier") ?? false,
        };
    }
}
