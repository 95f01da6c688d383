using Dogana.Conduct.Signals;
using Dogana.Storage;

namespace Dogana.Conduct;

/// <summary>
/// What is remembered of an account's calls: counts and hashes in a bounded space, over windows of ten minutes, a day and thirty days; never a text. Sketches of several nodes,
/// or of several accounts, merge. For one thread at a time.
/// </summary>
/// <param name="account">Whose.</param>
public sealed class AccountSketch(ConductAccount account)
{
    /// <summary>The most bytes of one, as it is written and, nearly, in memory.</summary>
    public const int BytesMax = 96 * 1024;

    internal const int HoursOfWeek = 168;

    /// <summary>Whose calls.</summary>
    public ConductAccount Account => account;

    /// <summary>The first call; null before any.</summary>
    public DateTimeOffset? FirstAt { get; internal set; }

    /// <summary>The last call; null before any.</summary>
    public DateTimeOffset? LastAt { get; internal set; }

    internal PaneRing Minutes { get; } = new(TimeSpan.FromMinutes(10), isDetailed: false);

    internal PaneRing Day { get; } = new(TimeSpan.FromDays(1), isDetailed: true);

    internal PaneRing Month { get; } = new(TimeSpan.FromDays(30), isDetailed: true);

    internal UnitCounts Units { get; } = new();

    internal uint[] Hours { get; } = new uint[HoursOfWeek];

    internal CommonFacts Networks { get; } = new();

    internal CommonFacts Clients { get; } = new();

    internal ModelStarts Models { get; } = new();

    internal EvidenceCalls Evidence { get; } = new();

    /// <summary>Looks at a call of the account.</summary>
    /// <param name="call">The call.</param>
    /// <param name="reader">What reads it.</param>
    /// <returns>Did it meet a signature?</returns>
    public bool Observe(ObservedCall call, CallReader reader)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(reader);
        FirstAt = FirstAt is { } first && first <= call.At ? first : call.At;
        LastAt = LastAt is { } last && last >= call.At ? last : call.At;
        if (call.IsOverQuota)
        {
            foreach (var ring in (PaneRing[])[Minutes, Day, Month])
            {
                ring.At(call.At)?.Refuse();
            }

            return false;
        }

        var facts = reader.Read(call);
        var traits = facts.Traits | SlotTraits(facts);
        Span<ulong> units = stackalloc ulong[UnitCounts.UnitsMax + 2];
        var count = Math.Min(units.Length, facts.Units.Count);
        for (var at = 0; at < count; at++)
        {
            units[at] = facts.Units[at].Hash;
        }

        Units.Add(units[..count]);
        var micros = call.At.ToMicros();
        Minutes.At(call.At)?.Add(call, facts, traits);
        Day.At(call.At)?.Add(call, facts, traits);
        if (Month.At(call.At) is { } month)
        {
            month.Add(call, facts, traits);
            foreach (var hit in facts.Hits)
            {
                month.Tally(hit, micros);
                Evidence.Add(hit.Key, call.CallId, micros);
            }

            if (Traits.Has(traits, Trait.OwnChoices) && (Traits.Has(traits, Trait.OpenEnd) || Traits.Has(traits, Trait.ClosedAnswer)))
            {
                month.Tally(new SignatureHit(SketchFindings.OwnChoicesKey, facts.Item), micros);
                Evidence.Add(SketchFindings.OwnChoicesKey, call.CallId, micros);
            }
        }

        var hour = (((int)call.At.UtcDateTime.DayOfWeek * 24) + call.At.UtcDateTime.Hour) % HoursOfWeek;
        Hours[hour] += Hours[hour] < uint.MaxValue ? 1u : 0;
        Networks.Add(call.Network);
        Clients.Add(call.Client);
        Models.Add(SignatureMatcher.Key(call.Model), micros);
        return facts.Hits.Count > 0;
    }

    /// <summary>Adds what another sketch saw: of the same account on another node, or of an account of the same cluster.</summary>
    /// <param name="other">The other one.</param>
    public void Merge(AccountSketch other)
    {
        ArgumentNullException.ThrowIfNull(other);
        Minutes.Merge(other.Minutes);
        Day.Merge(other.Day);
        Month.Merge(other.Month);
        Units.Merge(other.Units);
        Networks.Merge(other.Networks);
        Clients.Merge(other.Clients);
        Models.Merge(other.Models);
        Evidence.Merge(other.Evidence);
        for (var hour = 0; hour < HoursOfWeek; hour++)
        {
            Hours[hour] = (uint)Math.Min(uint.MaxValue, (ulong)Hours[hour] + other.Hours[hour]);
        }

        FirstAt = FirstAt is null || other.FirstAt < FirstAt ? other.FirstAt ?? FirstAt : FirstAt;
        LastAt = LastAt is null || other.LastAt > LastAt ? other.LastAt ?? LastAt : LastAt;
    }

    /// <summary>Writes the sketch; at most <see cref="BytesMax"/> bytes, none of them text of a call.</summary>
    public byte[] ToBytes() => SketchForm.Write(this);

    /// <summary>Reads what <see cref="ToBytes"/> wrote.</summary>
    /// <param name="account">Whose it is.</param>
    /// <param name="bytes">The bytes.</param>
    /// <returns>The sketch; null where the bytes are none, or of another version.</returns>
    public static AccountSketch? FromBytes(ConductAccount account, ReadOnlyMemory<byte> bytes) => SketchForm.Read(account, bytes);

    /// <summary>What these calls say about the account, strongest first. Weak findings alone are a question, never a reason to act.</summary>
    /// <param name="catalogue">The catalogue that the calls were read by.</param>
    /// <param name="calibration">What benign accounts are like; null to not compare with them.</param>
    /// <param name="now">The instant; what is older than the windows does not count.</param>
    /// <param name="declaredUses">What the account's projects declared, in the words of <see cref="Terms.UseWords"/>; null where nothing is known.</param>
    /// <param name="releases">When models of the owner became available: at their release, and in waves after it; null where nothing is known.</param>
    public IReadOnlyList<ConductFinding> Findings(
        SignatureCatalogue catalogue, ConductCalibration? calibration, DateTimeOffset now, IReadOnlyCollection<string>? declaredUses = null, ILookup<string, DateTimeOffset>? releases = null)
    {
        ArgumentNullException.ThrowIfNull(catalogue);
        var found = new SketchFindings(this, now).Of(catalogue, calibration, declaredUses ?? []).Concat(releases is null ? [] : new ReleaseFindings(this).Of(releases));
        return [.. found.Select(finding => calibration?.Placed(finding) ?? finding).OrderByDescending(static finding => finding.Strength)];
    }

    // What is a template's and what is put into it is known by what came before.
    private uint SlotTraits(CallFacts facts)
    {
        var (traits, template, choices, isBegun, isPersonal, isQuestion, isNested) = (0u, 0, 0, false, false, false, false);
        foreach (var unit in facts.Units)
        {
            if (unit.Words == 0)
            {
                continue;
            }

            if (Units.IsTemplate(unit.Hash))
            {
                template += unit.Words;
                continue;
            }

            traits |= !isBegun && unit.IsImperative ? Traits.Bit(Trait.Imperative) : 0;
            choices += unit.IsChoice ? 1 : 0;
            isNested |= template > 0 && unit.IsImperative;
            (isBegun, isPersonal, isQuestion) = (true, isPersonal || unit.IsPersonal, unit.IsQuestion);
        }

        return traits
            | (isBegun && !isPersonal ? Traits.Bit(Trait.Impersonal) : 0)
            | (isQuestion ? Traits.Bit(Trait.Question) : 0)
            | (choices >= 2 && Traits.Has(facts.Traits, Trait.Choices) ? Traits.Bit(Trait.OwnChoices) : 0)
            | (isNested ? Traits.Bit(Trait.Nested) : 0)
            | (template * 2 >= facts.Words && facts.Words > 0 ? Traits.Bit(Trait.Templated) : 0);
    }
}
