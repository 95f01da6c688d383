using System.Globalization;
using Dogana.Billing;
using Dogana.Client;
using Dogana.Insight;
using Dogana.Parties;
using Dogana.Tests.Storage;

namespace Dogana.Tests.Insight;

/// <summary>
/// Reports from the roll-up against the same figures made of the lines of all documents, as the store's own JSON functions give them: any axis, window, basis and filter, by seed, with two currencies,
/// a credit note, corrections, a customer that leaves and families that are declared anew. Nothing of the module's arithmetic is in what is expected.
/// </summary>
public sealed class UnrolledTests(StoreFixture stores)
{
    private const double Tolerance = 1e-9;
    private const int Questions = 20;
    private static readonly BillingMonth Late = InsightScene.Last.Next;

    [Theory]
    [InlineData(StoreKind.Sqlite, 1)]
    [InlineData(StoreKind.Sqlite, 2)]
    [InlineData(StoreKind.Postgres, 3)]
    public async Task Every_report_equals_what_its_lines_come_to(StoreKind kind, int seed)
    {
        await using var scene = await OpenAsync(kind, seed);
        var lines = await ReadAsync(scene);
        lines.ShouldContain(static line => line.Kind == "correction");

        await CompareAsync(scene, lines, seed, new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

        // What was not known then changes families of months that were reported already, and no sum.
        var earlier = new DateTimeOffset(2025, 4, 1, 0, 0, 0, TimeSpan.Zero);
        await scene.Store.WriteAsync(session => PartyRegister.DeclareOwnershipAsync(
            session, [], [.. new[] { ("one", "acme"), ("two", "pacific") }.Select(item => new OwnershipStatement(item.Item1, item.Item2, "holding", InterestKind.Shareholding, ShareRange.All, earlier, null, "register"))], []));
        await CompareAsync(scene, lines, seed + 1_000, earlier);
    }

    [Theory]
    [InlineData(StoreKind.Sqlite, "update revenue_customer set m02 = m02 + 10000 where year = 2026")]
    [InlineData(StoreKind.Sqlite, "update revenue_customer set m01 = m01 + 10000, m02 = m02 - 10000 where year = 2026 and is_shift = 0")]
    [InlineData(StoreKind.Sqlite, "update revenue_model set micro = micro + 10000")]
    [InlineData(StoreKind.Sqlite, "update revenue_year set m01 = m01 + 10000 where year = 2026")]
    [InlineData(StoreKind.Sqlite, "update revenue_party set organisation = 'other' where organisation = 'acme'")]
    [InlineData(StoreKind.Postgres, "delete from revenue_customer where is_shift = 1")]
    public async Task An_altered_row_shows(StoreKind kind, string tampering)
    {
        await using var scene = await OpenAsync(kind, seed: 4);
        var lines = await ReadAsync(scene);
        await scene.Store.WriteAsync(session => session.ExecuteAsync(tampering));

        await Should.ThrowAsync<InvalidOperationException>(() => CompareAsync(scene, lines, seed: 4, new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero)));
    }

    private async Task<InsightScene> OpenAsync(StoreKind kind, int seed)
    {
        var scene = await InsightScene.OpenAsync(stores, kind, seed);
        await scene.World.UseAsync(
            new Billing.Call("acme", new DateTimeOffset(2026, 1, 20, 0, 0, 0, TimeSpan.Zero), 800_000_000),
            new Billing.Call("pacific", new DateTimeOffset(2025, 11, 20, 0, 0, 0, TimeSpan.Zero), 300_000_000) { Channel = "resale" },
            new Billing.Call("acme", new DateTimeOffset(2026, 3, 3, 0, 0, 0, TimeSpan.Zero), 500_000_000));
        await scene.World.CloseAsync(Late, InsightScene.Now.AddMonths(1));
        await RevenueRollup.RunAsync(scene.Store);
        return scene;
    }

    private static async Task<PlainSum[]> ReadAsync(InsightScene scene) => [.. (await scene.PlainAsync()).Where(static line => line.Kind != "prepayment")];

    private static async Task CompareAsync(InsightScene scene, PlainSum[] lines, int seed, DateTimeOffset family)
    {
        var random = new Random(seed);
        for (var number = 0; number < Questions; number++)
        {
            var request = number < 2 ? new InsightRequest(Through: Late.ToString(), Months: 15, Basis: number == 0 ? "invoiced" : "service", Currency: "USD") : Draw(random);
            var scope = await scene.ScopeAsync(request);
            var question = new Question(scope, [.. lines.Where(line => (request.Channel is null || line.Channel == request.Channel) && (request.Owner is null || line.Model == "small"))], family);
            try
            {
                foreach (var axis in Enum.GetValues<InsightAxis>())
                {
                    question.Compare(axis, await scene.Store.ReadAsync(session => ConcentrationReports.ReadAsync(session, scope, axis, 2, withHistory: number % 4 == 0)));
                    question.Compare(axis, await scene.Store.ReadAsync(session => MarginReports.ReadAsync(session, scope, axis, 2)));
                }

                question.Compare(InsightAxis.Family, await scene.Store.ReadAsync(session => GrowthReports.ReadRetentionAsync(session, scope, isByFamily: true)));
                question.Compare(InsightAxis.Counterparty, await scene.Store.ReadAsync(session => GrowthReports.ReadRetentionAsync(session, scope, isByFamily: false)));
                question.Compare(await scene.Store.ReadAsync(session => GrowthReports.ReadGrowthAsync(session, scope)));
                question.Compare(await scene.Store.ReadAsync(session => GrowthReports.ReadRunRateAsync(session, scope, InsightScene.Now)));
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException($"Seed {seed}, question {number}: {request}", failure);
            }
        }
    }

    private static InsightRequest Draw(Random random)
    {
        var through = Late;
        for (var back = random.Next(0, 8); back > 0; back--)
        {
            through = through.Previous;
        }

        return new InsightRequest(
            Channel: random.Next(3) == 0 ? "resale" : null, Owner: random.Next(4) == 0 ? "owner" : null, Through: through.ToString(), Months: random.Next(1, 16),
            Basis: random.Next(2) == 0 ? "service" : "invoiced", Currency: "USD");
    }

    /// <summary>A scope, and the lines that it is about.</summary>
    private sealed class Question(ReportScope scope, PlainSum[] lines, DateTimeOffset family)
    {
        private bool IsByService => scope.ToBasis().Months == "service";

        public void Compare(InsightAxis axis, ConcentrationRecord report)
        {
            var (window, before) = (Sums(axis, scope.From, scope.To), Sums(axis, Minus12(scope.From), Minus12(scope.To)));
            var ordered = window.Where(static party => party.Value > 0).OrderByDescending(static party => party.Value).ThenBy(static party => party.Key, StringComparer.Ordinal).ToArray();
            var total = ordered.Sum(static party => party.Value);
            (Number(report.Total), report.Parties).ShouldBe((total, ordered.Length));
            (report.LeftOut, Number(report.LeftOutAmount)).ShouldBe((window.Count(static party => party.Value < 0), window.Values.Where(static amount => amount < 0).Sum()));
            report.Disclosed.ShouldBe(ordered.Where(party => party.Value * 10 >= total).Select(static party => party.Key));
            if (total == 0)
            {
                return;
            }

            var squares = ordered.Sum(party => Math.Pow((double)(party.Value / total), 2));
            report.Index.ShouldBe(squares * 10_000, 1e-6);
            report.EffectiveParties.ShouldBe(1 / squares, 1e-6);
            new[] { report.Cr1, report.Cr5, report.Cr10 }.Zip([1, 5, 10]).ShouldAllBe(ratio => Math.Abs(ratio.First - (double)(ordered.Take(ratio.Second).Sum(static party => party.Value) / total)) < Tolerance);
            report.Largest.Select(static party => (party.Party, Number(party.Amount), Number(party.Change)))
                .ShouldBe(ordered.Take(Math.Max(2, report.Disclosed.Count)).Select(party => (party.Key, party.Value, party.Value - before.GetValueOrDefault(party.Key))));
            var growth = window.Values.Sum() - before.Values.Sum();
            report.Largest.ShouldAllBe(party => growth == 0 ? party.ShareOfGrowth == null : Math.Abs(party.ShareOfGrowth!.Value - (double)(Number(party.Change) / growth)) < 1e-6);
            foreach (var month in report.History)
            {
                var own = Sums(axis, BillingMonth.Parse(month.Month).Value, BillingMonth.Parse(month.Month).Value).Values.Where(static amount => amount > 0).OrderDescending().ToArray();
                Number(month.Total).ShouldBe(own.Sum());
                month.Largest.ShouldBe(own.Length == 0 ? 0 : (double)(own[0] / own.Sum()), Tolerance);
                month.Index.ShouldBe(own.Sum(amount => Math.Pow((double)(amount / own.Sum()), 2)) * 10_000, 1e-6);
            }
        }

        public void Compare(InsightAxis axis, MarginRecord report)
        {
            var window = Sums(axis, scope.From, scope.To).OrderByDescending(static party => party.Value).ThenBy(static party => party.Key, StringComparer.Ordinal).ToArray();
            Number(report.All.Revenue).ShouldBe(window.Sum(static party => party.Value));
            report.Rows.Select(static row => (row.Party, Number(row.Revenue))).ShouldBe(window.Take(2).Select(static party => (party.Key, party.Value)));
            (report.Others is null ? 0 : Number(report.Others.Revenue)).ShouldBe(window.Skip(2).Sum(static party => party.Value));
        }

        public void Compare(InsightAxis axis, RetentionRecord report)
        {
            var cells = Cells(axis, scope.From, scope.To);
            var before = Cells(axis, Minus12(scope.From), Minus12(scope.To));
            var (grown, expanded, shrunk, churned, cohort, credits, opening, lost) = (0m, 0m, 0m, 0m, 0m, 0m, 0, 0);
            foreach (var party in cells.Keys.Union(before.Keys).GroupBy(static key => key.Party, StringComparer.Ordinal))
            {
                var (was, now) = (party.Select(key => before.GetValueOrDefault(key)).ToArray(), party.Select(key => cells.GetValueOrDefault(key)).ToArray());
                var changes = was.Zip(now, static (left, right) => Math.Max(right, 0) - Math.Max(left, 0)).ToArray();
                var (gain, loss) = (changes.Where(static change => change > 0).Sum(), -changes.Where(static change => change < 0).Sum());
                var (wasThere, isThere, moved) = (was.Any(static amount => amount > 0), now.Any(static amount => amount > 0), Math.Min(gain, loss));
                grown += wasThere ? 0 : gain - moved;
                expanded += wasThere ? gain - moved : 0;
                shrunk += isThere ? loss - moved : 0;
                churned += isThere ? 0 : loss - moved;
                cohort += was.Sum(static amount => Math.Max(amount, 0));
                credits += now.Sum() - was.Sum() - changes.Sum();
                opening += wasThere ? 1 : 0;
                lost += wasThere && !isThere ? 1 : 0;
            }

            (Number(report.All.New), Number(report.All.Expansion), Number(report.All.Contraction), Number(report.All.Churn), Number(report.All.Cohort), Number(report.All.Credits))
                .ShouldBe((grown, expanded, shrunk, churned, cohort, credits));
            (Number(report.All.Opening), Number(report.All.Closing), Number(report.All.Moves), report.OpeningCustomers, report.LostCustomers).ShouldBe((before.Values.Sum(), cells.Values.Sum(), 0m, opening, lost));
            report.Channels.Select(static channel => (channel.Channel!, Number(channel.Opening), Number(channel.Closing))).ShouldBe(
                cells.Keys.Union(before.Keys).GroupBy(static key => key.Channel, StringComparer.Ordinal).OrderBy(static channel => channel.Key, StringComparer.Ordinal)
                    .Select(channel => (channel.Key, channel.Sum(key => before.GetValueOrDefault(key)), channel.Sum(key => cells.GetValueOrDefault(key)))));
        }

        public void Compare(GrowthRecord report) => report.Months.Where(static month => Number(month.Amount) != 0).Select(static month => (month.Month, Number(month.Amount))).ShouldBe(
            lines.GroupBy(MonthOf).Where(month => month.Key >= scope.From && month.Key <= scope.To).OrderBy(static month => month.Key)
                .Select(month => (Month: month.Key.ToString(), Amount: month.Sum(Dollars))).Where(static month => month.Amount != 0));

        public void Compare(RunRateReportRecord report) => Number(report.Usage[0].Annual).ShouldBe(
            lines.Where(line => line.Kind is not ("fee" or "true_up" or "unused") && MonthOf(line) == scope.To).Sum(Dollars) * 12);

        private static BillingMonth Minus12(BillingMonth month) => new(month.Year - 1, month.Month);

        private BillingMonth MonthOf(PlainSum line) => BillingMonth.Parse(IsByService ? line.Service : line.Month).Value;

        private decimal Dollars(PlainSum line) => InsightScene.Dollars(line, MonthOf(line).ToString());

        private Dictionary<string, decimal> Sums(InsightAxis axis, BillingMonth from, BillingMonth to) => Cells(axis, from, to).GroupBy(static cell => cell.Key.Party, StringComparer.Ordinal)
            .Select(static party => (party.Key, Amount: party.Sum(static cell => cell.Value))).Where(static party => party.Amount != 0)
            .ToDictionary(static party => party.Key, static party => party.Amount, StringComparer.Ordinal);

        private Dictionary<(string Party, string Channel), decimal> Cells(InsightAxis axis, BillingMonth from, BillingMonth to) => lines.Where(line => MonthOf(line) >= from && MonthOf(line) <= to)
            .GroupBy(line => (PartyOf(axis, line), line.Channel)).ToDictionary(static cell => cell.Key, cell => cell.Sum(Dollars));

        private string PartyOf(InsightAxis axis, PlainSum line) => axis switch
        {
            InsightAxis.Channel => line.Channel,
            InsightAxis.Model => line.Model,
            InsightAxis.Owner => line.Model switch { "small" => "owner", "large" => "cloud", _ => "" },
            InsightAxis.Family when line.Organisation is "acme" or "pacific" && scope.ToBasis().FamiliesAt >= family => "holding",
            _ => line.Organisation,
        };

        private static decimal Number(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);
    }
}
