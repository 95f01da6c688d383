using Dogana.Storage;

namespace Dogana.Billing;

/// <summary>Reads and declares the tax rules.</summary>
public static class TaxRules
{
    // A rate is kept in the last digit that it may have.
    private const decimal Units = 10_000m;

    /// <summary>All rules, as committed.</summary>
    public static async Task<TaxTable> ReadAsync(StoreSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        var rows = await session.QueryAsync<Row>("""
            select id as Id, seller_country as SellerCountry, customer_country as CustomerCountry, customer_has_tax_id as CustomerHasTaxId, category as Category,
                rate as Rate, reason as Reason, effective_from as EffectiveFrom
            from tax_rule order by id
            """);
        return new TaxTable([.. rows.Select(static row => row.ToRule())]);
    }

    /// <summary>Adds rules, and changes those that are not in force yet; one that is in force stays, for documents were made by it.</summary>
    /// <exception cref="ProblemException">A rule in force would change, or two rules say different things of the same customers at the same instant.</exception>
    public static async Task<IReadOnlyList<Change>> DeclareAsync(StoreSession session, IReadOnlyList<TaxRule> wanted, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(wanted);
        var present = (await ReadAsync(session)).Rules;
        foreach (var rule in wanted)
        {
            if (present.FirstOrDefault(other => other.Id == rule.Id) is { } before && before != rule && before.From <= now)
            {
                throw new ProblemException(new Problem(
                    ProblemCode.Conflict, $"The tax rule '{rule.Id}' is in force and stays as it is. Declare another rule for the same customers from a later instant on."));
            }

            if (present.Where(other => wanted.All(item => item.Id != other.Id)).Concat(wanted).FirstOrDefault(other => other.Id != rule.Id && Key(other) == Key(rule)) is { } same)
            {
                throw new ProblemException(new Problem(
                    ProblemCode.Conflict, $"The tax rules '{rule.Id}' and '{same.Id}' begin at the same instant for the same customers. Delete one of them, or write another from."));
            }
        }

        return await session.DeclareAsync("tax_rule", present, wanted, static rule => rule.Id, """
            insert into tax_rule(id, seller_country, customer_country, customer_has_tax_id, category, rate, reason, effective_from)
            values(@Id, @SellerCountry, @CustomerCountry, @CustomerHasTaxId, @Category, @Rate, @Reason, @EffectiveFrom)
            on conflict(id) do update set seller_country = excluded.seller_country, customer_country = excluded.customer_country,
                customer_has_tax_id = excluded.customer_has_tax_id, category = excluded.category, rate = excluded.rate, reason = excluded.reason,
                effective_from = excluded.effective_from
            """, static rule => new Row(
                rule.Id, rule.SellerCountry, rule.CustomerCountry ?? "*", rule.CustomerHasTaxId is { } has ? has ? 1 : 0 : null, rule.Category, (long)(rule.Percent * Units),
                rule.Reason, rule.From.ToMicros()));
    }

    private static (string, string?, bool?, DateTimeOffset) Key(TaxRule rule) => (rule.SellerCountry, rule.CustomerCountry, rule.CustomerHasTaxId, rule.From);

    private sealed record Row(
        string Id, string SellerCountry, string CustomerCountry, long? CustomerHasTaxId, string Category, long Rate, string? Reason, long EffectiveFrom)
    {
        public TaxRule ToRule() => new(Id, SellerCountry, Category, StoredTime.FromMicros(EffectiveFrom))
        {
            CustomerCountry = CustomerCountry == "*" ? null : CustomerCountry,
            CustomerHasTaxId = CustomerHasTaxId is { } has ? has == 1 : null,
            Percent = Rate / Units,
            Reason = Reason,
        };
    }
}
