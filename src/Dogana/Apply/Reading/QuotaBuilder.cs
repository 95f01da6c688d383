using System.Globalization;
using Dogana.Apply.Shapes;
using Dogana.Limits;

namespace Dogana.Apply.Reading;

/// <summary>Makes quotas of what was read.</summary>
internal static class QuotaBuilder
{
    public static Quota Read(ReadItem item, FaultCollector faults)
    {
        var slice = item.Find<long>("request_slice_seconds") ?? 10;
        if (slice is not (1 or 10 or 60))
        {
            faults.Add(item.PlaceOf("request_slice_seconds"), string.Create(CultureInfo.InvariantCulture, $"Requests are not checked in slices of {slice} s."), "Write 1, 10 or 60.");
        }

        return new Quota(
            item.Get<string>("id"), item.Get<string>("organisation"), item.Get<string>("model"), item.FindText("region") ?? Quota.Global, item.Get<long>("tokens_per_minute"))
        {
            Window = item.FindText("window") == "sliding" ? QuotaWindow.Sliding : QuotaWindow.Minute,
            RequestSliceSeconds = (int)slice,
            Mode = item.FindText("mode") == "observe" ? LimitMode.Observe : LimitMode.Enforce,
            Allotments = [.. item.Items("allotments").Where(static part => part.IsWhole)
                .Select(static part => new QuotaAllotment(part.Get<string>("deployment"), part.FindText("project"), part.Get<long>("tokens_per_minute")))],
        };
    }

    /// <summary>The deployments that quotas allot to: their names are no ids.</summary>
    public static IEnumerable<Reference> References(ReadItem root) => root.Items(QuotaShapes.Section).SelectMany(static item => item.Items("allotments"))
        .Where(static part => part.FindText("deployment") is not null)
        .Select(static part => new Reference(WorldShapes.Deployments, part.Get<string>("deployment"), part.PlaceOf("deployment")));
}
