using Dogana.Billing;
using Dogana.Catalog;
using Dogana.Client;
using Dogana.Metering;
using Dogana.Metering.Intake;
using Dogana.Rating;
using Dogana.Storage;
using Dogana.Tests.Storage;

namespace Dogana.Tests.Billing;

/// <summary>One customer with one contract whose terms a test gives, and prices in round figures: a token of "one" costs 1 USD, of "ten" 10 USD.</summary>
internal sealed class TermsWorld : IAsyncDisposable
{
    public const string Contract = "pacific-terms";

    private readonly MoneyWorld _world;
    private readonly string _contract;

    private TermsWorld(MoneyWorld world, string contract) => (_world, _contract) = (world, contract);

    public Store Store => _world.Store;

    public static DateTimeOffset On(int year, int month, int day, int hour = 0) => new(year, month, day, hour, 0, 0, TimeSpan.Zero);

    public static async Task<TermsWorld> OpenAsync(StoreFixture stores, StoreKind kind, ContractTerms terms, DateTimeOffset? from = null, DateTimeOffset? to = null)
    {
        var world = await MoneyWorld.OpenAsync(stores, kind);
        var start = On(2025, 1, 1);
        Price Tiered(string model, PriceKind price) => new(model, Meter.InputTokens, 0m, 1) { Kind = price, Tiers = [new PriceTier(15, 10m), new PriceTier(null, 5m)] };
        await world.Store.WriteAsync(session => PriceBooks.DeclareAsync(
            session, [new PriceBook("round", "Round", "USD"), new PriceBook("special", "Special", "USD")],
            [
                new PriceBookVersion("round", start, [new Price("one", Meter.InputTokens, 1m, 1), new Price("ten", Meter.InputTokens, 10m, 1), new Price("tiny", Meter.InputTokens, 0.000000000001m, 1), new Price("third", Meter.InputTokens, 3.333m, 1),
                    Tiered("graduated", PriceKind.Graduated), Tiered("volume", PriceKind.Volume),
                    new Price("steps", Meter.InputTokens, 0m, 1_000) { Kind = PriceKind.Graduated, Tiers = [new PriceTier(1_000, 0.005m, 2m), new PriceTier(null, 0.003m)] },
                    new Price("packs", Meter.InputTokens, 0.5m, 1_000) { Kind = PriceKind.Package }, new Price("once", Meter.InputTokens, 3m, 1) { Kind = PriceKind.Flat }]),
                new PriceBookVersion("special", start, [new Price("ten", Meter.InputTokens, 7m, 1)]),
            ], start));
        var opened = new TermsWorld(world, Contract);
        await opened.DeclareAsync(On(2025, 12, 1), new Contract(Contract, "pacific", "direct", "round", from ?? On(2026, 1, 1), to) { Terms = terms });
        return opened;
    }

    public Task<IReadOnlyList<Change>> DeclareAsync(DateTimeOffset now, params IReadOnlyList<Contract> contracts) =>
        Store.WriteAsync(session => Contracts.DeclareAsync(
            session, MoneyWorld.Parties, [.. contracts.Select(static contract => contract with { Terms = contract.Terms with { TimeZone = contract.Terms.TimeZone ?? "Etc/UTC" } })], now));

    public Task UseAsync(DateTimeOffset at, long tokens, string model = "one") => _world.UseAsync(new Call("pacific", at, tokens) { Model = model });

    public Task UseAsync(params IReadOnlyList<Call> calls) => _world.UseAsync(calls);

    /// <summary>Takes records in; or dies before the commit.</summary>
    public Task TakeAsync(IReadOnlyList<UsageRecord> records, bool isDying = false) => WriteAsync(session => UsageIntake.AcceptAsync(session, records), isDying);

    /// <summary>Rates what is there; or dies before the commit.</summary>
    public Task AccrueAsync(bool isDying = false) => WriteAsync(session => Accruals.RunAsync(session, MoneyWorld.InFebruary), isDying);

    /// <summary>Takes back the call with a number, from 1.</summary>
    public Task<Problem?> VoidAsync(int call, DateTimeOffset now) =>
        Store.WriteAsync(session => Voiding.TakeAsync(session, new PendingVoid(new UsageKey("tester", $"void-{call}"), $"hash-{call}", new UsageKey("node-1", $"call-{call:00000}")), now));

    /// <summary>Closes a month two days after its end; the books are whole then, and this is the contract's document of it, or null.</summary>
    public async Task<InvoiceDocument?> CloseAsync(int year, int month)
    {
        var wanted = new BillingMonth(year, month);
        (await PeriodClose.CloseAsync(Store, wanted, wanted.End("Etc/UTC").AddDays(2), "tester")).Value.IsClosed.ShouldBeTrue();
        await CheckAsync();
        return (await DocumentsAsync()).SingleOrDefault(document => document.Period.Month == wanted.ToString());
    }

    /// <summary>The contract's documents, oldest first.</summary>
    public async Task<IReadOnlyList<InvoiceDocument>> DocumentsAsync(string? contract = null) =>
        [.. (await Store.ReadAsync(session => Invoices.ListAsync(session))).Where(invoice => invoice.Contract == (contract ?? _contract)).Select(static invoice => invoice.Document)];

    public async Task CheckAsync() => (await _world.VerifyAsync()).Faults.ShouldBeEmpty();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    private async Task WriteAsync(Func<StoreSession, Task> write, bool isDying)
    {
        try
        {
            await Store.WriteAsync(async session =>
            {
                await write(session);
                return isDying ? throw new TimeoutException() : 0;
            });
        }
        catch (TimeoutException) when (isDying)
        {
            // nothing of it is there
        }
    }

    /// <summary>Kinds and amounts of a document's lines, as <c>usage 48.00, true_up 12.00</c>.</summary>
    public static string Say(InvoiceDocument? document) => document is null ? "none" : string.Join(", ", document.Lines.Select(static line => $"{line.Kind} {line.Amount}"));
}
