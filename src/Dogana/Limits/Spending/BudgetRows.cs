using Dogana.Storage;

namespace Dogana.Limits.Spending;

/// <summary>Budgets and their top-ups in the store.</summary>
internal static class BudgetRows
{
    private const string Select = """
        select b.id as Id, b.scope as Scope, b.subject as Subject, b.organisation as Organisation, b.currency as Currency, b.amount as Amount, b.amount_parts as AmountParts,
            b.added as Added, b.added_parts as AddedParts, b.period as Period, b.kind as Kind, b.mode as Mode, b.alerts as Alerts, b.series as Series, b.since as Since
        from budget b
        """;

    /// <summary>All of them, by id.</summary>
    public static async Task<IReadOnlyList<Budget>> ReadAsync(StoreSession session) => Read(await session.QueryAsync<Row>(Select + " order by b.id"));

    /// <summary>Those of some organisations, whatever their scope.</summary>
    public static async Task<IReadOnlyList<Budget>> ReadOfAsync(StoreSession session, string[] organisations) => Read(await session.QueryAsync<Row>(
        $"{Select} where {session.IsOneOf("b.organisation", "organisations")} order by b.id", new { organisations = session.List(organisations) }));

    /// <summary>At most <paramref name="limit"/> after an id, by id.</summary>
    public static async Task<IReadOnlyList<Budget>> ListAsync(StoreSession session, BudgetScope? scope, string? subject, string after, int limit)
    {
        var chosen = scope is null ? "" : " and b.scope = @Scope and b.subject = @subject";
        return Read(await session.QueryAsync<Row>($"{Select} where b.id > @after{chosen} order by b.id limit @limit", new { Scope = scope?.ToString(), subject, after, limit }));
    }

    /// <summary>The budget, or null.</summary>
    public static async Task<Budget?> FindAsync(StoreSession session, string id) => (await session.FindAsync<Row>(Select + " where b.id = @id", new { id }))?.ToBudget();

    /// <summary>Inserts a budget, or puts it in the place of the one with its id.</summary>
    public static async Task PutAsync(StoreSession session, Budget budget)
    {
        await session.ExecuteAsync(
            """
            insert into budget(id, scope, subject, organisation, currency, amount, amount_parts, added, added_parts, period, kind, mode, alerts, series, since)
            values(@Id, @Scope, @Subject, @Organisation, @Currency, @Amount, @AmountParts, @Added, @AddedParts, @Period, @Kind, @Mode, @Alerts, @Series, @Since)
            on conflict(id) do update set amount = excluded.amount, amount_parts = excluded.amount_parts,
                added = excluded.added, added_parts = excluded.added_parts, kind = excluded.kind, mode = excluded.mode, alerts = excluded.alerts,
                series = excluded.series
            """,
            new
            {
                budget.Id,
                Scope = budget.Scope.ToString(),
                budget.Subject,
                budget.Organisation,
                Currency = budget.Amount.Currency.Code,
                Amount = budget.Amount.Micro,
                AmountParts = budget.Amount.Pico,
                Added = budget.TopUps.Micro,
                AddedParts = budget.TopUps.Pico,
                Period = budget.Period.ToString(),
                Kind = budget.Kind.ToString(),
                Mode = budget.Mode.ToString(),
                Alerts = string.Join(' ', budget.Alerts),
                budget.Series,
                Since = budget.Since.ToMicros(),
            });
    }

    /// <summary>Deletes a budget and what it counted; what nodes lease of it ends with their lives.</summary>
    public static async Task DeleteAsync(StoreSession session, Budget budget)
    {
        await session.ExecuteAsync("delete from budget_crossing where budget = @Id", new { budget.Id });
        await session.ExecuteAsync("delete from budget_top_up where budget = @Id", new { budget.Id });
        await session.ExecuteAsync("delete from budget where id = @Id", new { budget.Id });
        await session.ExecuteAsync("delete from limit_spend where limit_id = @LimitId", new { budget.LimitId });
        await session.ExecuteAsync("delete from limit_lease where limit_id = @LimitId", new { budget.LimitId });
    }

    /// <summary>A budget's top-ups, in their order.</summary>
    public static async Task<IReadOnlyList<BudgetTopUp>> ReadTopUpsAsync(StoreSession session, Budget budget)
    {
        var rows = await session.QueryAsync<TopUpRow>(
            """
            select reference as Reference, amount as Amount, amount_parts as AmountParts, made_at as MadeAt, actor as Actor
            from budget_top_up where budget = @Id order by made_at, reference
            """, new { budget.Id });
        return [.. rows.Select(row => new BudgetTopUp(
            row.Reference, Money.FromParts(row.Amount, row.AmountParts, budget.Amount.Currency), StoredTime.FromMicros(row.MadeAt), row.Actor))];
    }

    /// <summary>Adds a top-up, whose reference is new, and gives the budget as it is then.</summary>
    public static async Task<Budget> AddTopUpAsync(StoreSession session, Budget budget, BudgetTopUp made)
    {
        await session.ExecuteAsync(
            "insert into budget_top_up(budget, reference, amount, amount_parts, made_at, actor) values(@Id, @Reference, @Micro, @Pico, @At, @Actor)",
            new { budget.Id, made.Reference, made.Amount.Micro, made.Amount.Pico, At = made.At.ToMicros(), made.Actor });
        var after = budget with { TopUps = budget.TopUps + made.Amount };
        await PutAsync(session, after);
        return after;
    }

    private static Budget[] Read(IReadOnlyList<Row> rows) => [.. rows.Select(static row => row.ToBudget())];

    private sealed record TopUpRow(string Reference, long Amount, long AmountParts, long MadeAt, string Actor);

    private sealed record Row(
        string Id, string Scope, string Subject, string Organisation, string Currency, long Amount, long AmountParts, long Added, long AddedParts,
        string Period, string Kind, string Mode, string Alerts, long Series, long Since)
    {
        public Budget ToBudget()
        {
            var currency = Dogana.Currency.Of(Currency);
            return new Budget(Id, Enum.Parse<BudgetScope>(Scope), Subject, Money.FromParts(Amount, AmountParts, currency))
            {
                Organisation = Organisation,
                Period = Enum.Parse<BudgetPeriod>(Period),
                Kind = Enum.Parse<BudgetKind>(Kind),
                Mode = Enum.Parse<LimitMode>(Mode),
                Alerts = [.. Alerts.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(static text => BudgetAlert.Parse(text).Value)],
                TopUps = Money.FromParts(Added, AddedParts, currency),
                Series = Series,
                Since = StoredTime.FromMicros(Since),
            };
        }
    }
}
