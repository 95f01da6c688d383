using System.Globalization;
using Dogana.Billing;
using Dogana.Metering;

namespace Dogana.Server.Demo.TwoYears;

/// <summary>What all customers use in a month: a record for each customer, day and model, as a meter outside would send it. Follows from the plan's seed.</summary>
internal sealed class DailyUsage(Plan plan, Population population)
{
    /// <summary>Who counted it.</summary>
    public const string Source = "two-years";

    // How a month compares with others, January to December: summer and the end of the year are quiet.
    private static readonly int[] Seasons = [980, 990, 1010, 1000, 1005, 1000, 960, 930, 1000, 1020, 1040, 970];

    // A new customer's first months, in percent of what it would buy.
    private static readonly int[] Ramp = [35, 70, 90];

    /// <summary>All records of a month, in the order of days; of those that are late it is said.</summary>
    public IEnumerable<(UsageRecord Record, bool IsLate)> Of(BillingMonth month)
    {
        var days = DateTime.DaysInMonth(month.Year, month.Month);
        var plans = population.Customers.Select(customer => (Customer: customer, Dollars: DollarsOf(customer, month, days))).Where(static item => item.Dollars.Length > 0).ToArray();
        for (var day = 1; day <= days; day++)
        {
            // Before noon in Greenwich it is that very day everywhere where customers are.
            var at = new DateTimeOffset(month.Year, month.Month, day, 11, 0, 0, TimeSpan.Zero);
            foreach (var (customer, dollars) in plans)
            {
                if (at >= (customer.Since ?? at) && !(at >= customer.Until))
                {
                    foreach (var record in RecordsOf(customer, at, dollars[day - 1]))
                    {
                        yield return (record, customer.IsLate && day > days - 2);
                    }
                }
            }
        }
    }

    // What a customer buys at list prices on each day of a month; empty where it buys nothing.
    private decimal[] DollarsOf(Customer customer, BillingMonth month, int days)
    {
        var index = plan.IndexOf(month.Start("Etc/UTC"));
        if (index < customer.First || month.Start("Etc/UTC") >= customer.Until)
        {
            return [];
        }

        // 1. The month: growth back from the month whose amount is known, the season, and the first months of a new customer.
        var dollars = customer.Dollars * Seasons[month.Month - 1] / Seasons[plan.Months[customer.Reference].Month - 1];
        for (var step = index; step < customer.Reference; step++)
        {
            dollars = dollars * 1000 / (1000 + customer.GrowthPermille);
        }

        if (customer.First > 0 && index - customer.First < Ramp.Length)
        {
            dollars = dollars * Ramp[index - customer.First] / 100;
        }

        // 2. Its days: the week's, and some chance.
        var random = Seeded.Of(plan.Seed, $"{customer.Project}/{customer.Channel}/{month}");
        var weights = new int[days];
        for (var day = 0; day < days; day++)
        {
            var weekday = ((int)new DateOnly(month.Year, month.Month, day + 1).DayOfWeek + 6) % 7;
            weights[day] = customer.Week[weekday] * (90 + random.Below(21));
        }

        var whole = weights.Sum();
        return [.. weights.Select(weight => dollars * weight / whole)];
    }

    private IEnumerable<UsageRecord> RecordsOf(Customer customer, DateTimeOffset at, decimal dollars)
    {
        foreach (var (model, percent) in customer.Models)
        {
            var output = (long)(dollars * percent / 100 * 1_000_000 / model.PriceOfMillion(at >= plan.PriceCut));
            if (output > 0)
            {
                yield return new UsageRecord
                {
                    Source = Source,
                    Id = string.Create(CultureInfo.InvariantCulture, $"{customer.Project}/{model.Id}/{at:yyyy-MM-dd}"),
                    Project = customer.Project,
                    Organisation = customer.Organisation,
                    Channel = customer.Channel,
                    Key = "",
                    Deployment = model.Id,
                    Model = model.Id,
                    OpenedAt = at,
                    ClosedAt = at,
                    Ending = CallEnding.Completed,
                    InputTokens = output * SampleModel.InputsPerOutput,
                    CachedInputTokens = 0,
                    OutputTokens = output,
                };
            }
        }
    }
}
