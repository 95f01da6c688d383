using System.Text.Json;
using Dogana.Client;
using Dogana.Conduct.Reaching;
using Dogana.Notices;
using Dogana.Parties;
using Dogana.Storage;

namespace Dogana.Conduct.Register;

/// <summary>
/// Tells whoever a measure concerns: its certain members, the owner, and the sellers of those channels that it names, on which a member buys or is going
/// to, or about which the seller decided: no other seller is to know of a customer. Each organisation gets one notice of a happening; what a member reads names no other organisation of its family and no channel on which it does not buy.
/// </summary>
internal sealed class MeasureNotices(Measure measure, PartyTable parties, IReadOnlyCollection<Member> members, IReadOnlyList<MeasureDecision> decisions, DateTimeOffset now)
{
    private readonly string _owner = parties.Organisations[measure.Owner].Name;

    // Who buys where today.
    private readonly ILookup<string, string> _channelsOf = parties.Projects.Values
        .ToLookup(static project => project.Organisation, project => project.ChannelAt(now), StringComparer.Ordinal);

    // Where a member buys, or is going to.
    private readonly HashSet<string> _bought = BoughtBy(members, parties, now);

    // Where nothing is agreed nothing is sold: whoever sells there is not concerned.
    private IEnumerable<Channel> Channels => parties.Channels.Values
        .Where(channel => measure.Names(channel.Id) && (channel.Seller == measure.Owner || parties.AgreementOn(measure.Owner, channel.Id) is not null))
        .OrderBy(static channel => channel.Id, StringComparer.Ordinal);

    /// <summary>It was approved.</summary>
    public Task PostStartedAsync(StoreSession session) => PostAsync(session, "measure.started", "", Deed, Channels, ReachOn);

    /// <summary>It was lifted.</summary>
    public Task PostLiftedAsync(StoreSession session) => PostAsync(
        session, "measure.lifted", "",
        who => $"{_owner} lifted its measure {measure.Id} ({MeasureNames.Of(measure.Level)}) against {who}{(measure.LiftReason is { } reason ? $": {reason}" : ".")} What was before holds again.",
        Channels, static _ => null);

    /// <summary>A channel's seller decided.</summary>
    public Task PostDecidedAsync(StoreSession session, Channel channel, MeasureDecision decision)
    {
        Member[] buyers = [.. members.Where(member => _channelsOf[member.Organisation].Contains(channel.Id, StringComparer.Ordinal))];
        return new MeasureNotices(measure, parties, buyers, decisions, now).PostAsync(
            session, "measure.decided", $"/{channel.Id}/{decision.DecidedAt.ToMicros()}",
            who => $"The seller of the channel '{channel.Id}' {(decision.Decision == ChannelDecision.Adopt ? "adopted" : "declined")} the measure {measure.Id} "
                + $"({MeasureNames.Of(measure.Level)}) of {_owner} against {who}: {decision.Reason}",
            [channel], ReachOn);
    }

    private Task<int> PostAsync(StoreSession session, string topic, string of, Func<string, string> say, IEnumerable<Channel> channels, Func<Channel, string?> reach)
    {
        Channel[] concerned = [.. channels];
        var texts = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        var customers = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in members.Where(member => member.Certainty == Certainty.Yes && parties.Organisations.ContainsKey(member.Organisation)))
        {
            customers.Add(member.Organisation);
            var bought = concerned.Where(channel => _channelsOf[member.Organisation].Contains(channel.Id, StringComparer.Ordinal));
            Add(member.Organisation, member.Organisation == measure.Organisation ? "your organisation" : "your corporate family", bought);
        }

        foreach (var seller in concerned.Where(ConcernsSeller).GroupBy(static channel => channel.Seller, StringComparer.Ordinal).Where(seller => seller.Key != measure.Owner))
        {
            Add(seller.Key, $"'{measure.Organisation}' and its corporate family", seller);
        }

        Add(measure.Owner, $"'{measure.Organisation}' and its corporate family", concerned);
        return NoticeOutbox.PostAsync(
            session,
            [.. texts.Select(text => new Notice(
                topic, text.Key, $"Measure {measure.Id} ({MeasureNames.Of(measure.Level)}) of {_owner}: {topic["measure.".Length..]}", string.Join('\n', text.Value),
                Data(text.Key, isCustomer: customers.Contains(text.Key)), $"{topic}/{measure.Id}{of}/{text.Key}"))],
            now);

        void Add(string organisation, string who, IEnumerable<Channel> shown)
        {
            texts.TryAdd(organisation, []);
            texts[organisation].AddRange([say(who), .. shown.Select(reach).OfType<string>()]);
        }
    }

    private static HashSet<string> BoughtBy(IReadOnlyCollection<Member> members, PartyTable parties, DateTimeOffset now)
    {
        var buyers = members.Select(static member => member.Organisation).ToHashSet(StringComparer.Ordinal);
        return parties.Projects.Values.Where(project => buyers.Contains(project.Organisation))
            .SelectMany(project => project.Moves.Where(move => move.At > now).Select(static move => move.Channel).Append(project.ChannelAt(now)))
            .ToHashSet(StringComparer.Ordinal);
    }

    private bool ConcernsSeller(Channel channel) =>
        measure.Channels[0] != Measure.All || _bought.Contains(channel.Id) || decisions.Any(decision => decision.Channel == channel.Id);

    private string Deed(string who)
    {
        var models = measure.Models[0] == Measure.All ? "its models" : $"its models {string.Join(", ", measure.Models)}";
        var deed = measure.Level switch
        {
            MeasureLevel.Warn => $"warns about the use of {models} by {who}",
            MeasureLevel.Throttle => $"limits the use of {models} by {who} to {measure.RequestsPerMinute} requests a minute",
            MeasureLevel.Limit => $"limits the use of {models} by {who} to {measure.TokensPerDay} tokens a day",
            MeasureLevel.Suspend => $"suspends the use of {models} by {who}",
            _ => $"ends the use of {models} by {who}",
        };
        var end = measure.EndsAt is { } to ? $" until {to:u}" : "";
        return $"{_owner} {deed}, beginning {measure.StartsAt:u}{end} (measure {measure.Id}). Reason: {measure.Reason}";
    }

    private string? ReachOn(Channel channel)
    {
        var decision = decisions.FirstOrDefault(item => item.Channel == channel.Id)?.Decision;
        var (reach, changesAt) = ChannelReach.Of(channel, measure, decision, parties, now);
        var end = ChannelReach.ReviewEnd(channel, measure, parties);
        return $"Channel '{channel.Id}': " + (reach switch
        {
            MeasureReach.Holds => "it holds.",
            MeasureReach.Declined => "it does not hold: the seller declined it.",
            MeasureReach.NotCarried => "it does not hold unless the seller adopts it.",
            _ when decision is null && end is not null => $"the seller may adopt or decline it until {end:u}; without a decision it holds from then on.",
            _ => $"it holds from {changesAt:u}.",
        });
    }

    private string Data(string organisation, bool isCustomer) => JsonSerializer.Serialize(
        new
        {
            Measure = measure.Id,
            measure.Owner,
            Organisation = isCustomer ? organisation : measure.Organisation,
            Level = MeasureNames.Of(measure.Level),
            measure.Models,
            measure.RequestsPerMinute,
            measure.TokensPerDay,
            measure.Reason,
            measure.StartsAt,
            measure.EndsAt,
            measure.LiftedAt,
        },
        DoganaJson.Options);
}
