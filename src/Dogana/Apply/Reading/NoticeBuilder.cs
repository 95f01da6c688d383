using Dogana.Apply.Shapes;
using Dogana.Notices;

namespace Dogana.Apply.Reading;

/// <summary>Makes notice targets of what was read.</summary>
internal static class NoticeBuilder
{
    public static NoticeTarget Target(ReadItem item, FaultCollector faults)
    {
        var url = item.FindText("url");
        if (url is not null && NoticeAddress.IsInTheClear(url) && item.Find<bool>("allow_http") != true)
        {
            faults.Add(item.PlaceOf("url"), "Notices would cross the network in the clear.", "Write https://, or 'allow_http: true' where the network is your own.");
        }

        var isEmail = item.Get<string>("kind") == "email";
        return new NoticeTarget(
            item.Get<string>("id"), item.Get<string>("organisation"), isEmail ? NoticeTargetKind.Email : NoticeTargetKind.Webhook,
            (isEmail ? item.FindText("address") : url) ?? "", item.Has("topics") ? item.Get<IReadOnlyList<string>>("topics") : [NoticeTarget.All]);
    }

    /// <summary>The organisations that targets belong to: a target of all refers to none.</summary>
    public static IEnumerable<Reference> References(ReadItem root) => root.Items(NoticeShapes.Targets)
        .Where(static item => item.FindText("organisation") is not (null or NoticeTarget.All))
        .Select(static item => new Reference(WorldShapes.Organisations, item.Get<string>("organisation"), item.PlaceOf("organisation")));
}
