using Dogana.Catalog;
using Dogana.Settlement;
using Dogana.Tests.Billing;
using Dogana.Tests.Storage;
using FsCheck;
using FsCheck.Fluent;

namespace Dogana.Tests.Settlement;

public sealed class ChannelExportTests(StoreFixture stores)
{
    private static readonly DateTimeOffset Start = new(2026, 1, 10, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Ever = new(2100, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private sealed record Step(int WaitMinutes, (int AgoMinutes, int Tokens)[] Calls, bool IsWritten, ExportState? Answer);

    private static Gen<Step> Steps =>
        from wait in Gen.Choose(1, 400)
        from calls in (from ago in Gen.Choose(0, 600) from tokens in Gen.Choose(1, 3_000) select (ago, tokens)).ArrayOf(4)
        from isWritten in Gen.Elements(true, true, false)
        from answer in Gen.Elements<ExportState?>(null, ExportState.Accepted, ExportState.Duplicate, ExportState.Expired)
        select new Step(wait, calls, isWritten, answer);

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Hours_are_whole_quantities_above_what_is_included_each_once(StoreKind kind)
    {
        await using var world = await WorldAsync(kind, Azure(included: 2));
        await world.UseAsync(Used(10, 2_500), Used(70, 600), Used(80, 1_950), Used(130, 100), Used(200, 5_000));

        var first = await WriteAsync(world, Start.AddHours(3).AddMinutes(30));
        await world.UseAsync(Used(75, 9_000)); // late: its hour is counted
        var second = await WriteAsync(world, Start.AddHours(3).AddMinutes(40));
        var third = await WriteAsync(world, Start.AddHours(4).AddMinutes(30));

        first.ShouldBe(["2026-01-10T01:00:00Z 3"]); // 2500, 5050, 5150: two are included, three are due
        second.ShouldBe(first, "what is not acknowledged is given out again, the same");
        third.ShouldBe(["2026-01-10T01:00:00Z 3", "2026-01-10T03:00:00Z 5"]);
        (await AcknowledgeAsync(world, Start.AddHours(1), ExportState.Duplicate)).ShouldBeNull();
        (await AcknowledgeAsync(world, Start.AddHours(1), ExportState.Accepted)).ShouldBeNull("both say that it is there");
        (await AcknowledgeAsync(world, Start.AddHours(1), ExportState.Expired))!.Code.ShouldBe(ProblemCode.Conflict);
        (await AcknowledgeAsync(world, Start.AddHours(2), ExportState.Accepted))!.Code.ShouldBe(ProblemCode.NotFound);
        (await WriteAsync(world, Start.AddHours(5))).ShouldBe(["2026-01-10T03:00:00Z 5"]);
        (await WriteAsync(world, Start.AddHours(27))).ShouldBeEmpty("a day after its first instant Azure takes it no more");
    }

    [Fact]
    public async Task What_could_not_be_reported_stands_on_the_statement_once()
    {
        await using var world = await WorldAsync(StoreKind.Sqlite, Azure(included: 1));
        await world.UseAsync(Used(10, 3_500));
        await WriteAsync(world, Start.AddHours(2));
        await world.UseAsync(Used(20, 400), Used(100, 2_000));
        await world.CloseAsync(MoneyWorld.January, MoneyWorld.InFebruary);
        await world.UseAsync(Used(30, 7) with { Channel = "resale" });
        await world.CloseAsync(MoneyWorld.February, MoneyWorld.InMarch);

        var told = (await world.Store.ReadAsync(session => PartnerStatements.ListAsync(session)))
            .Select(static statement => PartnerStatements.View(statement, null).Remainders.Select(static line => (line.Month, line.Units)).ToArray()).ToArray();

        told[0].ShouldBe([("2026-01", 2_900)]); // 5900 less 1000 included less 2000 reported
        told[1].ShouldBe([("2026-01", 7)]);
        (await world.VerifyAsync()).Faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task No_hour_is_reported_twice_or_too_late_and_nothing_is_lost()
    {
        foreach (var kind in new[] { StoreKind.Sqlite, StoreKind.Postgres })
        {
            foreach (var (steps, format, included) in Checked.Sample(
                from steps in Steps.ListOf(14) from format in Gen.Elements(ExportFormat.Aws, ExportFormat.Azure) from included in Gen.Choose(0, 20) select (steps, format, included), 3401, kind == StoreKind.Sqlite ? 6 : 2))
            {
                await CheckAsync(kind, [.. steps], format, included);
            }
        }
    }

    [Fact]
    public async Task Exports_that_would_report_the_same_twice_are_refused()
    {
        await using var world = await WorldAsync(StoreKind.Sqlite, Azure(included: 0));

        (await Should.ThrowAsync<ProblemException>(() => DeclareAsync(world, Azure(0) with { Id = "second", Resource = "r-2" }))).Problem.Message.ShouldContain("would report the same usage or resource twice");
        (await Should.ThrowAsync<ProblemException>(() => DeclareAsync(world, Azure(0) with { Resource = "r-3" }))).Problem.Message.ShouldContain("has begun");
        (await Should.ThrowAsync<ProblemException>(() => DeclareAsync(world, Azure(0) with { Id = "third", Plan = null, From = Ever, To = null }))).Problem.Message.ShouldContain("plan");
    }

    private async Task CheckAsync(StoreKind kind, Step[] steps, ExportFormat format, int included)
    {
        var export = Azure(included) with { Format = format, Plan = "gold", Customer = "123456789012" };
        await using var world = await WorldAsync(kind, export);
        var (now, sent, used) = (Start.AddHours(12), new Dictionary<DateTimeOffset, long>(), 0L);
        var refused = new HashSet<DateTimeOffset>();
        foreach (var step in steps)
        {
            now = now.AddMinutes(step.WaitMinutes);
            foreach (var (ago, tokens) in step.Calls)
            {
                await world.UseAsync(new Call("acme", now.AddMinutes(-ago), tokens) { Channel = "resale" });
                used += tokens;
            }

            if (!step.IsWritten)
            {
                continue;
            }

            var written = (await world.Store.WriteAsync(session => ChannelExports.WriteAsync(session, "resale", format, Start, Ever, now))).Value;
            foreach (var (_, hour) in written)
            {
                hour.Quantity.ShouldBeGreaterThan(0);
                (now - hour.Hour).ShouldBeLessThan(export.Limit, "never older than the marketplace takes");
                now.ShouldBeGreaterThanOrEqualTo(hour.Hour.AddHours(1).AddMinutes(export.SettleMinutes), "only closed hours");
                sent.TryAdd(hour.Hour, hour.Quantity);
                sent[hour.Hour].ShouldBe(hour.Quantity, "the first one stands");
            }

            if (step.Answer is { } answer && written.Count > 0)
            {
                (await AcknowledgeAsync(world, written[0].Hour.Hour, answer, now)).ShouldBeNull();
                if (answer == ExportState.Expired)
                {
                    refused.Add(written[0].Hour.Hour);
                }
            }
        }

        await world.CloseAsync(MoneyWorld.January, MoneyWorld.InFebruary.AddDays(3));
        var remainder = PartnerStatements.View((await world.Store.ReadAsync(session => PartnerStatements.ListAsync(session))).ShouldHaveSingleItem(), null).Remainders.Sum(static line => line.Units);
        var reported = sent.Where(item => !refused.Contains(item.Key)).Sum(static item => item.Value) * 1_000;

        (reported + remainder).ShouldBe(Math.Max(0, used - included * 1_000));
        remainder.ShouldBeGreaterThanOrEqualTo(0);
        (await world.VerifyAsync()).Faults.ShouldBeEmpty();
    }

    private static Call Used(int minute, int tokens) => new("acme", Start.AddMinutes(minute), tokens - tokens / 5, tokens / 5) { Channel = "resale" };

    private static ChannelExport Azure(long included) => new(
        "market", "resale", ExportFormat.Azure, "r-1", Start, null, [new ExportDimension("tokens", [], [Meter.InputTokens, Meter.OutputTokens], 1_000, included)]) { Plan = "gold" };

    private static async Task<IReadOnlyList<string>> WriteAsync(MoneyWorld world, DateTimeOffset now) =>
        [.. (await world.Store.WriteAsync(session => ChannelExports.WriteAsync(session, "resale", ExportFormat.Azure, Start, Ever, now))).Value.Select(static item => $"{InstantText.Format(item.Hour.Hour)} {item.Hour.Quantity}")];

    private static Task<Problem?> AcknowledgeAsync(MoneyWorld world, DateTimeOffset hour, ExportState state, DateTimeOffset? now = null) => world.Store.WriteAsync(session =>
        ChannelExports.AcknowledgeAsync(session, "resale", hour, "r-1", "tokens", state, "tester", now ?? Start));

    private async Task<MoneyWorld> WorldAsync(StoreKind kind, ChannelExport export)
    {
        var world = await MoneyWorld.OpenAsync(stores, kind);
        await DeclareAsync(world, export);
        return world;
    }

    private static Task<IReadOnlyList<Change>> DeclareAsync(MoneyWorld world, ChannelExport export) => world.Store.WriteAsync(session =>
        ChannelExports.DeclareAsync(session, MoneyWorld.Parties, [export], MoneyWorld.InFebruary));
}
