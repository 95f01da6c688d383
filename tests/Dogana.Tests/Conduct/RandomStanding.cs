using Dogana.Conduct;
using Dogana.Parties;

namespace Dogana.Tests.Conduct;

/// <summary>A small world with measures in every state, from a seed, and what a reader of the rules would make of it, one call at a time.</summary>
internal sealed class RandomStanding
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    public static readonly string[] Owners = ["o1", "o2"], Customers = ["a", "b", "c", "d", "e", "f"], Models = ["m1", "m2", "m3"], Channels = ["own1", "own2", "x", "y", "z"];

    private readonly Dictionary<string, string?> _parents;

    public RandomStanding(int seed)
    {
        var random = new Random(seed);
        _parents = Customers.Select((id, index) => (id, Parent: index > 0 && random.Next(2) == 0 ? Customers[random.Next(index)] : null))
            .ToDictionary(static item => item.id, static item => item.Parent, StringComparer.Ordinal);
        var channels = Channels.Select(static id => new Channel(id, id, ChannelKind.Reseller, id switch { "own1" => "o1", "own2" => "o2", _ => "s" })).ToArray();
        var agreements = (from owner in Owners
                          from channel in Channels
                          where random.Next(4) > 0
                          select new Agreement($"{owner}-{channel}", owner, channel, (MeasureFlow)random.Next(1, 4)) { ReviewTime = TimeSpan.FromHours(random.Next(1, 5)) }).ToArray();
        Organisation[] organisations = [.. Owners.Append("s").Select(static id => ConductScene.Company(id)), .. _parents.Select(static item => ConductScene.Company(item.Key, item.Value))];
        Parties = new PartyTable(organisations, channels, agreements, []);
        Measures = [.. Enumerable.Range(0, random.Next(1, 7)).Select(index => Measure(index, random))];
        Members = [.. Measures.SelectMany(measure => Customers.Where(_ => random.Next(4) == 0).Select(id => new MeasureMember(measure.Id, id, "was one", Start)
        {
            ReleasedAt = random.Next(3) == 0 ? Start.AddHours(1) : null,
        }))];
        Decisions = [.. Measures.SelectMany(measure => Channels.Where(_ => random.Next(3) == 0).Select(id =>
            new MeasureDecision(measure.Id, id, (ChannelDecision)random.Next(1, 3), "why", "carl", Start)))];

        // Where it matters: at, just before and just after whatever is written down.
        DateTimeOffset[] instants = [.. Instants];
        At = instants[random.Next(instants.Length)].AddMicroseconds(random.Next(-1, 2));
    }

    public PartyTable Parties { get; }

    public IReadOnlyList<Measure> Measures { get; }

    public IReadOnlyList<MeasureMember> Members { get; }

    public IReadOnlyList<MeasureDecision> Decisions { get; }

    public DateTimeOffset At { get; }

    /// <summary>Every instant at which anything could change.</summary>
    public IEnumerable<DateTimeOffset> Instants => Measures.SelectMany(measure =>
        Parties.Agreements.Select(agreement => measure.StartsAt + agreement.ReviewTime!.Value).Append(measure.StartsAt).Append(measure.EndsAt ?? measure.StartsAt)).Order();

    public StandingTable Table(DateTimeOffset at) => new(Measures, Members, Decisions, Parties, at);

    /// <summary>The measures that hold for a call, by the words of docs/operate/standing.md.</summary>
    public IEnumerable<string> Holding(string organisation, string owner, string model, string channel, DateTimeOffset at) => Measures
        .Where(measure => measure.Owner == owner && IsIn(measure.Models, model) && IsIn(measure.Channels, channel))
        .Where(measure => measure is { ApprovedAt: not null, RejectedAt: null, LiftedAt: null } && measure.StartsAt <= at && (measure.EndsAt is null || at < measure.EndsAt))
        .Where(measure => Top(organisation) == Top(measure.Organisation)
            || Members.Any(member => member.Measure == measure.Id && member.Organisation == organisation && member.ReleasedAt is null))
        .Where(measure => IsCarried(measure, channel, at))
        .OrderByDescending(static measure => Array.IndexOf(["Warn", "Throttle", "Limit", "Suspend", "Terminate"], measure.Level.ToString()))
        .ThenBy(static measure => measure.StartsAt).ThenBy(static measure => measure.Id, StringComparer.Ordinal)
        .Select(static measure => measure.Id);

    private bool IsCarried(Measure measure, string channel, DateTimeOffset at)
    {
        if (Parties.Channels[channel].Seller == measure.Owner || Parties.Agreements.FirstOrDefault(item => item.Owner == measure.Owner && item.Channel == channel) is not { } agreement)
        {
            return true;
        }

        var said = Decisions.Where(item => item.Measure == measure.Id && item.Channel == channel).Select(static item => item.Decision.ToString()).FirstOrDefault();
        return agreement.Measures switch
        {
            MeasureFlow.Binding => true,
            MeasureFlow.None => said == "Adopt",
            _ => said == "Adopt" || (said is null && at - measure.StartsAt >= agreement.ReviewTime),
        };
    }

    private string Top(string id)
    {
        while (_parents.GetValueOrDefault(id) is { } parent)
        {
            id = parent;
        }

        return id;
    }

    private static bool IsIn(IReadOnlyList<string> list, string id) => list.Contains("*", StringComparer.Ordinal) || list.Contains(id, StringComparer.Ordinal);

    private static Measure Measure(int index, Random random)
    {
        var starts = Start.AddHours(random.Next(0, 6));
        var approved = random.Next(8) > 0;
        return new Measure($"k{index}", Customers[random.Next(Customers.Length)], Owners[random.Next(2)], (MeasureLevel)random.Next(1, 6), "why", "ann", Start, starts)
        {
            Models = Some(Models, random),
            Channels = Some(Channels, random),
            ApprovedAt = approved ? Start : null,
            RejectedAt = !approved && random.Next(2) == 0 ? Start : null,
            LiftedAt = approved && random.Next(6) == 0 ? Start : null,
            EndsAt = random.Next(3) == 0 ? starts.AddHours(random.Next(1, 6)) : null,
        };
    }

    private static string[] Some(string[] all, Random random) => random.Next(2) == 0 ? ["*"] : [.. all.Where(_ => random.Next(2) == 0).DefaultIfEmpty(all[0])];
}
