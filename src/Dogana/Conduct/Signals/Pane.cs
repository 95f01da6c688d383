using System.Numerics;

namespace Dogana.Conduct.Signals;

/// <summary>What an account did in a span of time that begins and ends at the same instants for all accounts, so that panes of several nodes and accounts add up.</summary>
internal sealed class Pane(long index, bool isDetailed)
{
    /// <summary>Places that the words of a pane are counted in.</summary>
    public const int Buckets = 128;

    /// <summary>How many signatures a pane has room for; more are not counted.</summary>
    public const int TalliesMax = 40;

    /// <summary>Which one: the span's length times this is its first instant.</summary>
    public long Index { get; } = index;

    /// <summary>Does it tell what was said, or only how often?</summary>
    public bool IsDetailed { get; } = isDetailed;

    public long Calls { get; set; }

    public long OverQuota { get; set; }

    /// <summary>Answers of at most eight tokens.</summary>
    public long ShortAnswers { get; set; }

    public long Words { get; set; }

    /// <summary>The sum of the squares of the prompts' lengths in words.</summary>
    public long SquaredWords { get; set; }

    public long[] TraitCounts { get; } = new long[Traits.Count];

    /// <summary>Different texts of users.</summary>
    public DistinctCount? Items { get; } = isDetailed ? new() : null;

    /// <summary>What the words are about, hashed into places.</summary>
    public int[]? About { get; } = isDetailed ? new int[Buckets] : null;

    public SortedDictionary<ulong, SignatureTally> Tallies { get; } = [];

    /// <summary>Counts a call that was refused for want of quota, beside those that were served.</summary>
    public void Refuse() => OverQuota++;

    public void Add(ObservedCall call, CallFacts facts, uint traits)
    {
        Calls++;
        ShortAnswers += call.OutputTokens is > 0 and <= 8 ? 1 : 0;
        Words += facts.Words;
        SquaredWords += (long)facts.Words * facts.Words;
        for (var rest = traits; rest != 0; rest &= rest - 1)
        {
            TraitCounts[BitOperations.TrailingZeroCount(rest)]++;
        }

        Items?.Add(facts.Item);
        if (About is not null)
        {
            foreach (var word in facts.Sample)
            {
                About[(int)(word >> 57)] += About[(int)(word >> 57)] < int.MaxValue ? 1 : 0;
            }
        }
    }

    /// <summary>Counts what signatures met.</summary>
    public void Tally(SignatureHit hit, long micros)
    {
        if (!Tallies.TryGetValue(hit.Key, out var tally) && Tallies.Count < TalliesMax)
        {
            Tallies[hit.Key] = tally = new SignatureTally();
        }

        tally?.Add(hit.Item, micros);
    }

    public void Merge(Pane other)
    {
        Calls += other.Calls;
        OverQuota += other.OverQuota;
        ShortAnswers += other.ShortAnswers;
        Words += other.Words;
        SquaredWords += other.SquaredWords;
        for (var at = 0; at < Traits.Count; at++)
        {
            TraitCounts[at] += other.TraitCounts[at];
        }

        if (other.Items is not null)
        {
            Items?.Merge(other.Items);
        }

        for (var at = 0; About is not null && other.About is not null && at < Buckets; at++)
        {
            About[at] = (int)Math.Min(int.MaxValue, (long)About[at] + other.About[at]);
        }

        foreach (var (key, tally) in other.Tallies)
        {
            if (!Tallies.TryGetValue(key, out var mine) && Tallies.Count < TalliesMax)
            {
                Tallies[key] = mine = new SignatureTally();
            }

            mine?.Merge(tally);
        }
    }
}
