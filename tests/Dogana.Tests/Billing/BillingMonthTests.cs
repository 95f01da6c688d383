using Dogana.Billing;
using NodaTime;

namespace Dogana.Tests.Billing;

public sealed class BillingMonthTests
{
    [Fact]
    public void In_every_time_zone_every_instant_lies_in_exactly_one_month()
    {
        foreach (var zone in DateTimeZoneProviders.Tzdb.Ids)
        {
            for (var month = new BillingMonth(1985, 1); month < new BillingMonth(2035, 1); month = month.Next)
            {
                var (start, end) = (month.Start(zone), month.End(zone));
                if ((end - start).TotalHours is < (28 * 24) - 26 or > (31 * 24) + 26) // also: the start is before the end
                {
                    Assert.Fail($"{month} in {zone} has {(end - start).TotalHours} hours");
                }
            }
        }
    }

    [Fact]
    public void The_boundaries_and_the_month_of_an_instant_agree_in_every_time_zone()
    {
        foreach (var zone in DateTimeZoneProviders.Tzdb.Ids)
        {
            for (var month = new BillingMonth(2024, 1); month < new BillingMonth(2027, 1); month = month.Next)
            {
                var (start, end) = (month.Start(zone), month.End(zone));
                if (BillingMonth.Of(start, zone) != month || BillingMonth.Of(end.AddTicks(-1), zone) != month || BillingMonth.Of(end, zone) != month.Next)
                {
                    Assert.Fail($"{month} in {zone}");
                }
            }
        }
    }

    [Fact]
    public void Clocks_that_are_put_back_over_midnight_do_not_give_an_instant_two_months()
    {
        // Newfoundland put its clocks back at 00:01 on 1 November 2009: the last 59 minutes of October were shown twice.
        const string Zone = "America/St_Johns";
        var end = new BillingMonth(2009, 10).End(Zone);

        end.ShouldBe(new DateTimeOffset(2009, 11, 1, 2, 30, 0, TimeSpan.Zero));
        BillingMonth.Of(end.AddMinutes(30), Zone).ShouldBe(new BillingMonth(2009, 11));
        BillingMonth.Of(end.AddTicks(-1), Zone).ShouldBe(new BillingMonth(2009, 10));
    }

    [Theory]
    [InlineData("2026-03", "Europe/Rome", "2026-02-28T23:00:00Z", "2026-03-31T22:00:00Z")] // 743 hours
    [InlineData("2026-10", "Europe/Rome", "2026-09-30T22:00:00Z", "2026-10-31T23:00:00Z")] // 745 hours
    [InlineData("2028-02", "Asia/Kolkata", "2028-01-31T18:30:00Z", "2028-02-29T18:30:00Z")]
    [InlineData("2025-12", "Pacific/Kiritimati", "2025-11-30T10:00:00Z", "2025-12-31T10:00:00Z")]
    public void Months_follow_the_zones_clock(string month, string zone, string start, string end)
    {
        var parsed = BillingMonth.Parse(month).Value;

        parsed.Start(zone).ShouldBe(DateTimeOffset.Parse(start, System.Globalization.CultureInfo.InvariantCulture));
        parsed.End(zone).ShouldBe(DateTimeOffset.Parse(end, System.Globalization.CultureInfo.InvariantCulture));
        parsed.ToString().ShouldBe(month);
    }

    [Theory]
    [InlineData("2026-13")]
    [InlineData("2026-1")]
    [InlineData("26-01-01")]
    [InlineData("2026/01")]
    [InlineData("1899-12")]
    [InlineData("+026-01")]
    public void What_is_not_a_month_is_refused(string text) => BillingMonth.Parse(text).Problem!.Message.ShouldContain("2026-01");
}
