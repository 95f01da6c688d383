using System.Security.Cryptography;
using Dogana.Access;
using Dogana.Authority;
using Dogana.Client;
using Dogana.Server.Demo.TwoYears;
using Dogana.Server.Hosting;
using Dogana.Storage;
using Dogana.Tests.Storage;

namespace Dogana.ServerTests.Insight;

/// <summary>A small cloud with a past, closed month by month as <c>dogana demo two-years</c> does it, and keys to ask about it.</summary>
internal sealed class InsightWorld
{
    public const string Seller = "skyharbour", Channel = "cloud";

    private InsightWorld(string folder, string? postgres) => (Folder, Postgres) = (folder, postgres);

    public string Folder { get; }

    public string? Postgres { get; }

    /// <summary>A key that may do everything.</summary>
    public string AdminKey { get; private set; } = "";

    public ServerStart Start => Postgres is null ? ServerStart.OnFolder(Folder) : ServerStart.OnPostgres(Postgres, Folder);

    public static async Task<InsightWorld> CreateAsync(StoreFixture stores, StoreKind kind, int months)
    {
        var world = new InsightWorld(stores.NewFolder(), kind == StoreKind.Postgres ? await stores.NewDatabaseAsync() : null);
        await using var state = await NodeState.OpenAsync(new ServerSettings { DataFolder = world.Folder, Postgres = world.Postgres }, CancellationToken.None);
        await (await TwoYearsRun.BeginAsync(state.Store, new Plan(7, 20, months), static _ => { }, CancellationToken.None)).RunAsync(CancellationToken.None);
        world.AdminKey = await KeyAsync(state.Store);
        return world;
    }

    /// <summary>Asks the store itself; no server may run on it where it is SQLite.</summary>
    public async Task<T> ReadAsync<T>(Func<StoreSession, Task<T>> read)
    {
        await using var store = Postgres is null ? await Store.OpenFolderAsync(Folder) : await Store.OpenPostgresAsync(Postgres);
        return await store.ReadAsync(read);
    }

    /// <summary>What each line of the seller's documents on the channel says, by nothing but the store's own functions for JSON.</summary>
    public async Task<IReadOnlyList<PlainLine>> PlainAsync()
    {
        var sql = Postgres is null
            ? """
              select i.month as Month, i.organisation as Organisation, coalesce(json_extract(l.value, '$.model'), '') as Model, json_extract(l.value, '$.kind') as Kind,
                  json_extract(l.value, '$.amount') as Amount
              from invoice i, json_each(i.document, '$.lines') l where i.seller = 'skyharbour' and i.channel = 'cloud' and i.currency = 'USD'
              """
            : """
              select i.month as Month, i.organisation as Organisation, coalesce(l ->> 'model', '') as Model, l ->> 'kind' as Kind, l ->> 'amount' as Amount
              from invoice i, jsonb_array_elements(cast(i.document as jsonb) -> 'lines') l where i.seller = 'skyharbour' and i.channel = 'cloud' and i.currency = 'USD'
              """;
        return [.. (await ReadAsync(session => session.QueryAsync<PlainLine>(sql))).Where(static line => line.Kind != "prepayment")];
    }

    /// <summary>A key with one role, made over the admin API.</summary>
    public static async Task<string> KeyAsync(AdminClient admin, Role role, string scope = "platform") =>
        (await admin.CreateKeyAsync(new NewKeyRequest($"{role} over {scope}", "admin") { Grants = [new GrantRecord(EnumWords.Of(role), scope)] })).Text;

    private static async Task<string> KeyAsync(Store store)
    {
        using var random = RandomNumberGenerator.Create();
        return (await store.WriteAsync(session => ApiKeys.CreateAsync(session, null, "test", null, random, "test", TimeProvider.System.GetUtcNow()))).Value.Text;
    }

    /// <summary>A line of a document.</summary>
    internal sealed class PlainLine
    {
        public string Month { get; init; } = "";

        public string Organisation { get; init; } = "";

        public string Model { get; init; } = "";

        public string Kind { get; init; } = "";

        public string Amount { get; init; } = "";

        public decimal Dollars => decimal.Parse(Amount, System.Globalization.CultureInfo.InvariantCulture);
    }
}
