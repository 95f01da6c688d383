using System.Text.Json;
using Dogana.Billing;
using Dogana.Storage;

namespace Dogana.Settlement.Statements;

/// <summary>A line of a document, or a payment of it, that a leg has shared.</summary>
internal sealed record ShareRow(
    string Agreement, string Leg, string Document, string Part, long Line, string Statement, long Place, string Month, string Currency, long ServiceEnd, long BasisMicro,
    long BasisPico, long ShareMicro, long SharePico);

/// <summary>A true-up that was charged.</summary>
internal sealed record GuaranteeRow(
    string Agreement, string Leg, string Statement, string FromMonth, string ToMonth, long Periods, string Currency, long Micro, long Pico);

/// <summary>A month's rent that was charged, or a later part of it.</summary>
internal sealed record RentRow(string Agreement, string Month, string Statement, string Used, long BeforeMicro, long BeforePico, long Micro, long Pico)
{
    public static string Text(IReadOnlyList<UsedUnits> used) => JsonSerializer.Serialize(used);

    public IReadOnlyList<UsedUnits> ToUsed()
    {
        try
        {
            return JsonSerializer.Deserialize<UsedUnits[]>(Used) ?? [];
        }
        catch (JsonException)
        {
            return []; // somebody changed it: verification will say so
        }
    }
}

/// <summary>What a leg shared in a currency by the statements of a month.</summary>
internal sealed class LegMonthRow
{
    public string Agreement { get; init; } = "";

    public string Leg { get; init; } = "";

    public string Currency { get; init; } = "";

    public string Month { get; init; } = "";

    public long BasisMicro { get; init; }

    public long BasisPico { get; init; }

    public long ShareMicro { get; init; }

    public long SharePico { get; init; }
}

/// <summary>The tables of what stands on statements. Rows are only ever inserted.</summary>
internal static class LineRows
{
    private static readonly string[] ShareColumns =
    [
        "agreement", "leg", "document", "part", "line", "statement", "place", "month", "currency", "service_end", "basis_micro", "basis_pico", "share_micro", "share_pico",
    ];

    private const string Sums = """
        select agreement as Agreement, leg as Leg, currency as Currency, month as Month, cast(sum(basis_micro) as bigint) as BasisMicro,
            cast(sum(basis_pico) as bigint) as BasisPico, cast(sum(share_micro) as bigint) as ShareMicro, cast(sum(share_pico) as bigint) as SharePico
        from share_line
        """;

    public static Task InsertAsync(StoreSession session, IReadOnlyList<ShareRow> rows) => session.InsertAsync("share_line", ShareColumns, rows, static row =>
    [
        row.Agreement, row.Leg, row.Document, row.Part, row.Line, row.Statement, row.Place, row.Month, row.Currency, row.ServiceEnd, row.BasisMicro, row.BasisPico,
        row.ShareMicro, row.SharePico,
    ]);

    public static Task<int> InsertAsync(StoreSession session, IEnumerable<GuaranteeRow> rows) => session.ExecuteAsync(
        """
        insert into guarantee_line(agreement, leg, statement, from_month, to_month, periods, currency, micro, pico)
        values(@Agreement, @Leg, @Statement, @FromMonth, @ToMonth, @Periods, @Currency, @Micro, @Pico)
        """, rows);

    public static Task<int> InsertAsync(StoreSession session, IEnumerable<RentRow> rows) => session.ExecuteAsync(
        """
        insert into rent_line(agreement, month, statement, used, before_micro, before_pico, micro, pico)
        values(@Agreement, @Month, @Statement, @Used, @BeforeMicro, @BeforePico, @Micro, @Pico)
        """, rows);

    /// <summary>All shared lines, by statement, in the order in which they were shared.</summary>
    public static Task<IReadOnlyList<ShareRow>> ReadSharesAsync(StoreSession session) => session.QueryAsync<ShareRow>("""
        select agreement as Agreement, leg as Leg, document as Document, part as Part, line as Line, statement as Statement, place as Place, month as Month,
            currency as Currency, service_end as ServiceEnd, basis_micro as BasisMicro, basis_pico as BasisPico, share_micro as ShareMicro, share_pico as SharePico
        from share_line order by statement, place
        """);

    /// <summary>Which documents, or payments of them, each leg has shared.</summary>
    public static async Task<HashSet<(string Agreement, string Leg, string Document, string Part)>> ReadSharedAsync(StoreSession session) =>
        [.. (await session.QueryAsync<SharedRow>("select distinct agreement as Agreement, leg as Leg, document as Document, part as Part from share_line"))
            .Select(static row => (row.Agreement, row.Leg, row.Document, row.Part))];

    /// <summary>What each leg shared, by currency and month.</summary>
    public static Task<IReadOnlyList<LegMonthRow>> ReadMonthsAsync(StoreSession session) => session.QueryAsync<LegMonthRow>($"{Sums} group by agreement, leg, currency, month");

    /// <summary>What each leg shared of some documents, by currency and month.</summary>
    public static Task<IReadOnlyList<LegMonthRow>> ReadSumsAsync(StoreSession session, string[] documents) => session.QueryAsync<LegMonthRow>($"""
        {Sums} where {session.IsOneOf("document", "numbers")} group by agreement, leg, currency, month
        """, new { numbers = session.List(documents) });

    /// <summary>All true-ups, in the order in which a statement has them.</summary>
    public static async Task<IReadOnlyList<GuaranteeRow>> ReadGuaranteesAsync(StoreSession session) => [.. (await session.QueryAsync<GuaranteeRow>("""
        select agreement as Agreement, leg as Leg, statement as Statement, from_month as FromMonth, to_month as ToMonth, periods as Periods, currency as Currency,
            micro as Micro, pico as Pico
        from guarantee_line
        """)).OrderBy(static row => row.Agreement, StringComparer.Ordinal).ThenBy(static row => row.Leg, StringComparer.Ordinal).ThenBy(static row => row.ToMonth, StringComparer.Ordinal)];

    /// <summary>All rents, in the order in which a statement has them.</summary>
    public static async Task<IReadOnlyList<RentRow>> ReadRentsAsync(StoreSession session) => [.. (await session.QueryAsync<RentRow>("""
        select agreement as Agreement, month as Month, statement as Statement, used as Used, before_micro as BeforeMicro, before_pico as BeforePico, micro as Micro,
            pico as Pico
        from rent_line
        """)).OrderBy(static row => row.Agreement, StringComparer.Ordinal).ThenBy(static row => row.Month, StringComparer.Ordinal)];

    public static Money Amount(long micro, long pico, string currency) => Money.FromParts(micro, pico, Currency.Find(currency) ?? new Currency(currency, 0));

    public static BillingMonth Month(string text) => BillingMonth.Parse(text).TryGet(out var month, out _) ? month : default;

    private sealed record SharedRow(string Agreement, string Leg, string Document, string Part);
}
