using Dogana.Billing;
using NodaTime;

namespace Dogana.Tests.Billing;

public sealed class PeriodCalendarTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(0, 3)]
    [InlineData(1, 1)]
    [InlineData(15, 1)]
    [InlineData(15, 3)]
    [InlineData(28, 1)]
    [InlineData(29, 1)]
    [InlineData(30, 1)]
    [InlineData(31, 1)]
    [InlineData(31, 3)]
    public void In_every_time_zone_every_instant_lies_in_exactly_one_period(int day, int months)
    {
        var (from, to) = (TermsWorld.On(2027, 6, 5, 7), TermsWorld.On(2028, 12, 5));
        foreach (var zone in DateTimeZoneProviders.Tzdb.Ids)
        {
            // Both changes of clocks, a year's end and 29 February lie in between; the 31st is followed by the 29th.
            var anchor = day == 0 ? (DateTimeOffset?)null : DateTimeZoneProviders.Tzdb[zone].AtStartOfDay(new LocalDate(2026, 1, day)).ToDateTimeOffset();
            var calendar = new PeriodCalendar(anchor, months, zone);
            for (var period = calendar.Of(from); period.Start < to;)
            {
                var next = calendar.Of(period.End);
                var local = Instant.FromDateTimeOffset(period.Start).InZone(DateTimeZoneProviders.Tzdb[zone]).Date;
                if (next.Start != period.End || calendar.Of(period.End.AddTicks(-1)) != period || calendar.Of(period.Start) != period || calendar.Of(period.Start + (period.End - period.Start) / 2) != period
                    || (day is > 0 and <= 28 && local.Day != day && local.Day != day + 1) || (day > 28 && local.Day != Math.Min(day, CalendarSystem.Iso.GetDaysInMonth(local.Year, local.Month)) && local.Day != 1))
                {
                    Assert.Fail($"{zone}, day {day}, {months} months: {period} and {next}");
                }

                period = next;
            }
        }
    }

    [Fact]
    public void A_term_ends_on_the_day_of_its_beginning_or_the_last_of_a_shorter_month()
    {
        var calendar = new PeriodCalendar(TermsWorld.On(2027, 8, 31, 9), 1, "Etc/UTC");

        calendar.After(6).ShouldBe(TermsWorld.On(2028, 2, 29));
        calendar.After(12).ShouldBe(TermsWorld.On(2028, 8, 31));
    }
}
