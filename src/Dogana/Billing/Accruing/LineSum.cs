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

    /// <summary>What the quantity costs by itself, at a linear price; below zero where more was taken back than used.</summary>
    public Money Cost(Currency currency) => Quantity < 0 ? -price.CostOf(-Quantity, currency) : price.CostOf(Quantity, currency);

    public void Add(long quantity) => Quantity += quantity;

    /// <summary>Adds usage, or takes it back.</summary>
    public void Add(UsageMeter usage, int sign = 1)
    {
        Add(sign * usage.Quantity);
        Records += sign;
        First = Math.Min(First, usage.IngestSequence);
        Last = Math.Max(Last, usage.IngestSequence);
    }
}
