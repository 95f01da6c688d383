using Dogana.Rating;

namespace Dogana.Billing.Accruing;

/// <summary>What a batch of usage adds to a line.</summary>
internal sealed class LineSum(Price price, long sequence)
{
    public Price Price => price;

    public long Quantity { get; private set; }

    public long Records { get; private set; }

    public long First { get; private set; } = sequence;

    public long Last { get; private set; } = sequence;

    public void Add(UsageMeter usage)
    {
        Quantity += usage.Quantity;
        Records++;
        First = Math.Min(First, usage.IngestSequence);
        Last = Math.Max(Last, usage.IngestSequence);
    }
}
