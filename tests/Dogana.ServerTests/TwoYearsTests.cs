using Dogana.Billing;
using Dogana.Server.Demo.TwoYears;
using Dogana.Storage;
using Dogana.Tests;
using Dogana.Tests.Storage;

namespace Dogana.ServerTests;

/// <summary><c>dogana demo two-years</c>: the world file, what is sold in it, and the books of a small one.</summary>
public sealed class TwoYearsTests(StoreFixture stores)
{
    private static readonly Plan Small = new(7, 30, 4);

    [Fact]
    public async Task The_world_file_in_the_repository_is_what_the_generator_writes()
    {
        var file = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "samples", "two-years.yaml"), TestContext.Current.CancellationToken);

        string.Equals(file, WorldText.Of(Plan.Whole, new Population(Plan.Whole)), StringComparison.Ordinal).ShouldBeTrue("run ./dogana demo two-years --world > samples/two-years.yaml");
    }

    [Fact]
    public void The_same_seed_gives_the_same_world_and_the_same_usage_and_another_seed_does_not()
    {
        Text(Small).ShouldBe(Text(Small with { }));
        string.Equals(Text(Small), Text(Small with { Seed = 8 }), StringComparison.Ordinal).ShouldBeFalse();

        static string Text(Plan plan)
        {
            var population = new Population(plan);
            return WorldText.Of(plan, population) + string.Join('\n', plan.Months.SelectMany(new DailyUsage(plan, population).Of).Select(static item => item.ToString()));
        }
    }

    [Fact]
    public void Everybody_is_named_once_and_buys_within_the_plan()
    {
        var plan = new Plan(3, Population.CustomersMax, 24);
        var population = new Population(plan);

        population.Companies.Count.ShouldBe(plan.CustomerCount);
        population.Companies.Select(static company => company.Id).Distinct(StringComparer.Ordinal).Count().ShouldBe(plan.CustomerCount);
        population.Customers.ShouldAllBe(customer => customer.First <= customer.Reference && customer.Reference < plan.MonthCount && customer.Dollars > 0m);
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_small_world_is_sold_billed_and_settled_its_books_agree_and_broken_off_it_comes_to_the_same(StoreKind kind)
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var whole = await stores.OpenAsync(kind);
        await using var broken = await stores.OpenAsync(kind);

        var report = await (await TwoYearsRun.BeginAsync(whole, Small, static _ => { }, cancellation)).RunAsync(cancellation);
        await Should.ThrowAsync<BrokenOffException>(async () => await (await TwoYearsRun.BeginAsync(broken, Small, BreakOff, cancellation)).RunAsync(cancellation));
        var resumed = await (await TwoYearsRun.BeginAsync(broken, Small, static _ => { }, cancellation)).RunAsync(cancellation);

        // 1. It is the article's: a quarter of a cloud that sells for a billion a year.
        report.Verified.ShouldBeTrue();
        report.FamilyShare.ShouldBeInRange(22m, 27m);
        report.RunRate.ShouldBeInRange(900_000_000m, 1_100_000_000m);

        // 2. With all that happens to documents.
        var documents = await whole.ReadAsync(static session => Invoices.ListAsync(session), cancellation);
        string[] kinds = [.. documents.SelectMany(static invoice => invoice.Document.Lines).Select(static line => line.Kind).Distinct(StringComparer.Ordinal)];
        kinds.Except(["usage", "fee", "discount", "true_up", "prepayment", "correction"], StringComparer.Ordinal).ShouldBeEmpty();
        kinds.Contains("correction", StringComparer.Ordinal).ShouldBeTrue();
        (report.CreditNotes, report.Payments, report.Statements).ShouldSatisfyAllConditions(
            static counts => counts.CreditNotes.ShouldBeGreaterThan(0), static counts => counts.Payments.ShouldBeGreaterThan(0), static counts => counts.Statements.ShouldBeGreaterThan(0));
        documents.Where(static invoice => invoice.Organisation == Population.Mover).Select(static invoice => invoice.Channel).Distinct(StringComparer.Ordinal).Count().ShouldBe(2);

        // 3. Broken off and gone on with, or done again, it is the same to the ledger's last hash.
        (resumed with { Seconds = 0 }).ShouldBe(report with { Seconds = 0 });
        (await (await TwoYearsRun.BeginAsync(whole, Small, static _ => { }, cancellation)).RunAsync(cancellation) with { Seconds = 0 }).ShouldBe(report with { Seconds = 0 });
        (await Should.ThrowAsync<InvalidOperationException>(() => TwoYearsRun.BeginAsync(whole, Small with { Seed = 8 }, static _ => { }, cancellation))).Message.ShouldContain("--data");

        static void BreakOff(string step)
        {
            if (step.Contains("(2 of", StringComparison.Ordinal))
            {
                throw new BrokenOffException();
            }
        }
    }

    [Fact]
    public async Task The_verb_makes_no_store_that_was_not_asked_for_and_none_over_another()
    {
        var folder = stores.NewFolder();
        await using (await Store.OpenFolderAsync(folder))
        {
        }

        await DoganaProcess.OkAsync("apply", "-f", Path.Combine(Repository.Root, "samples", "opening-day.yaml"), "--data", folder);

        (await DoganaProcess.RunAsync("demo", "two-years")).Exit.ShouldBe(2);
        var (exit, _, error) = await DoganaProcess.RunAsync("demo", "two-years", "--data", folder);
        exit.ShouldBe(1);
        error.ShouldContain("holds data already");
    }

    private sealed class BrokenOffException : Exception;
}
