namespace Dogana.Insight;

/// <summary>A question: what if this happened? Read from a file; nothing of it is stored.</summary>
/// <param name="Name">For people.</param>
/// <param name="File">Where it was read from.</param>
/// <param name="Months">How many months ahead it looks, 1 to <see cref="ForecastReports.StepsMax"/>.</param>
/// <param name="Changes">What happens; none where nothing does. Their order changes nothing.</param>
public sealed record Scenario(string Name, string File, int Months, IReadOnlyList<ScenarioChange> Changes);

/// <summary>Whom a change is about.</summary>
/// <param name="Id">A party of the family, or the customer.</param>
/// <param name="IsFamily">All that are under common control with it, or the customer alone?</param>
public sealed record ScenarioParty(string Id, bool IsFamily);

/// <summary>Something that happens in a scenario. Instants are in UTC; within a month use and prices change in proportion to its time.</summary>
public abstract record ScenarioChange
{
    private ScenarioChange()
    {
    }

    /// <summary>A customer stops using what it buys, and ends its contracts as early as they can be ended.</summary>
    /// <param name="Who">The customer.</param>
    /// <param name="On">The first instant without it.</param>
    public sealed record Leaves(ScenarioParty Who, DateTimeOffset On) : ScenarioChange;

    /// <summary>A model owner suspends a customer: the owner's models, on every channel that the owner's measures reach.</summary>
    /// <param name="Who">The customer.</param>
    /// <param name="By">The model owner.</param>
    /// <param name="On">The first instant without it.</param>
    public sealed record Banned(ScenarioParty Who, string By, DateTimeOffset On) : ScenarioChange;

    /// <summary>A customer uses less, in equal steps of a month.</summary>
    /// <param name="Who">The customer.</param>
    /// <param name="Percent">By how much in the end, 0 to 100.</param>
    /// <param name="Months">In how many months, 1 or more.</param>
    /// <param name="From">In whose month the first step is taken, whole.</param>
    public sealed record Declines(ScenarioParty Who, decimal Percent, int Months, DateTimeOffset From) : ScenarioChange;

    /// <summary>A customer moves a part of its calls of all models to another one.</summary>
    /// <param name="Who">The customer.</param>
    /// <param name="Percent">The part, 0 to 100.</param>
    /// <param name="From">The first instant.</param>
    /// <param name="To">A model that is sold here; null for one of its own, which is not.</param>
    public sealed record Moves(ScenarioParty Who, decimal Percent, DateTimeOffset From, string? To) : ScenarioChange;

    /// <summary>A channel sells nothing any more.</summary>
    /// <param name="Channel">The channel.</param>
    /// <param name="On">The first instant without it.</param>
    public sealed record ChannelEnds(string Channel, DateTimeOffset On) : ScenarioChange;

    /// <summary>Prices change; use does not.</summary>
    /// <param name="Model">Of this model; null for all.</param>
    /// <param name="Meter">Of this meter, by its name; null for all.</param>
    /// <param name="Channel">On this channel; null for all.</param>
    /// <param name="Percent">By how much: -20 for a fifth less; not below -100.</param>
    /// <param name="From">The first instant with the new price.</param>
    public sealed record Price(string? Model, string? Meter, string? Channel, decimal Percent, DateTimeOffset From) : ScenarioChange;

    /// <summary>A leg of a share agreement gives another rate.</summary>
    /// <param name="Agreement">The agreement.</param>
    /// <param name="Leg">The leg.</param>
    /// <param name="Percent">The rate of all that is sold from then on, whatever tiers there were: 0 to 100.</param>
    /// <param name="From">The first instant with it.</param>
    public sealed record Share(string Agreement, string Leg, decimal Percent, DateTimeOffset From) : ScenarioChange;

    /// <summary>Nothing is sold to a country any more.</summary>
    /// <param name="Country">ISO 3166-1 alpha-2.</param>
    /// <param name="On">The first instant without it.</param>
    public sealed record MarketCloses(string Country, DateTimeOffset On) : ScenarioChange;

    /// <summary>What of a capacity pool is freed can be placed elsewhere after a while; without this it stands idle.</summary>
    /// <param name="Pool">The pool.</param>
    /// <param name="Months">For how many months it stands idle first.</param>
    /// <param name="Percent">At what part of what it brought before, 0 to 100.</param>
    public sealed record Capacity(string Pool, int Months, decimal Percent) : ScenarioChange;
}
