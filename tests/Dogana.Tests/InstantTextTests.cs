using FsCheck.Fluent;

namespace Dogana.Tests;

public sealed class InstantTextTests
{
    [Theory]
    [InlineData("2026-01-31", "2026-01-31T00:00:00Z")]
    [InlineData("2026-01-31T08:00:00Z", "2026-01-31T08:00:00Z")]
    [InlineData("2026-01-31T08:00:00.250Z", "2026-01-31T08:00:00.25Z")]
    [InlineData("2026-01-31T08:00:00.000001Z", "2026-01-31T08:00:00.000001Z")]
    public void A_date_or_an_instant_in_UTC_is_read(string text, string written)
    {
        InstantText.TryParse(text, out var at).ShouldBeTrue();

        InstantText.Format(at).ShouldBe(written);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("31.1.2026")]
    [InlineData("2026-01-31T08:00:00")]
    [InlineData("2026-01-31T08:00:00+01:00")]
    [InlineData("2026-01-31 08:00:00Z")]
    [InlineData("2026-01-31T08:00:00.0000001Z")]
    [InlineData("2026-02-30")]
    public void Anything_else_is_none(string? text) => InstantText.TryParse(text, out _).ShouldBeFalse();

    [Fact]
    public void What_is_written_is_read_back_to_the_microsecond() => Checked.ForAll(
        from micros in Gen.Choose(0, int.MaxValue)
        from days in Gen.Choose(0, 100_000)
        select DateTimeOffset.UnixEpoch.AddDays(days).AddTicks(micros),
        1,
        at =>
        {
            InstantText.TryParse(InstantText.Format(at), out var read).ShouldBeTrue();
            read.ShouldBe(at.AddTicks(-(at.UtcTicks % TimeSpan.TicksPerMicrosecond)));
        });
}
