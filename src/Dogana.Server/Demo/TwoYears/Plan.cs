using Dogana.Billing;

namespace Dogana.Server.Demo.TwoYears;

/// <summary>How large the world is, and when what happens in it. It ends with June 2024, whatever its length.</summary>
/// <param name="Seed">What everything follows from.</param>
/// <param name="CustomerCount">Organisations that buy, the big family's among them; 20 at least.</param>
/// <param name="MonthCount">Months from the first to the last one; 3 at least.</param>
internal sealed record Plan(int Seed, int CustomerCount, int MonthCount)
{
    /// <summary>Where the customer is that moves to another channel.</summary>
    public const string MoverZone = "America/Chicago";

    /// <summary>The one whose world file is in the repository.</summary>
    public static Plan Whole { get; } = new(1, 500, 24);

    /// <summary>All months, in order.</summary>
    public IReadOnlyList<BillingMonth> Months { get; } = [.. Enumerable.Range(1, MonthCount).Select(number => Add(new BillingMonth(2024, 6), number - MonthCount))];

    /// <summary>The last instant before anything is sold: the world file is applied then.</summary>
    public DateTimeOffset Start => Months[0].Start("Etc/UTC").AddDays(-3);

    /// <summary>From here on all prices are lower: July 2023.</summary>
    public DateTimeOffset PriceCut => MonthBefore(11).Start("Etc/UTC");

    /// <summary>The family's first contract on the cloud ends here, and its second one begins: January 2024.</summary>
    public DateTimeOffset Renewal => MonthBefore(5).Start(Population.FamilyZone);

    /// <summary>A customer of the direct channel buys on the cloud from here on: November 2023.</summary>
    public DateTimeOffset ChannelMove => MonthBefore(7).Start(MoverZone);

    /// <summary>The owner suspends the family on its own channel: 14 December 2023.</summary>
    public DateTimeOffset Suspension => MonthBefore(6).Start("Etc/UTC").AddDays(13);

    /// <summary>Which of the months an instant lies in, from 0; below zero before the first.</summary>
    public int IndexOf(DateTimeOffset at) => (at.Year - Months[0].Year) * 12 + at.Month - Months[0].Month;

    private static BillingMonth Add(BillingMonth month, int count) => count == 0 ? month : count > 0 ? Add(month.Next, count - 1) : Add(month.Previous, count + 1);

    // In a shorter world all of it happens within its second half.
    private BillingMonth MonthBefore(int count) => Months[^(1 + Math.Min(count, MonthCount / 2))];
}
