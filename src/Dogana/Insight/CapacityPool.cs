using System.Text.Json;
using Dogana.Storage;

namespace Dogana.Insight;

/// <summary>Capacity that somebody paid for: servers, a cluster, a reserved part of a provider's. Declared in the world file.</summary>
/// <param name="Id">Lower-case letters, digits, hyphens and dots.</param>
/// <param name="Capital">What it cost to have, at <paramref name="From"/>.</param>
/// <param name="Residual">What it is worth at the end of its life; zero or more.</param>
/// <param name="LifeMonths">Over how many months the capital is borne in equal parts: 180 for 15 years.</param>
/// <param name="Running">What a month costs besides: power, rent, people.</param>
/// <param name="TokensMonth">How many tokens it can serve in a month; 0 where that is not known.</param>
/// <param name="From">The first instant of the month from which on it is there.</param>
/// <param name="Upstreams">Which upstreams run on it; empty for all of its models' use.</param>
/// <param name="Models">Which models; empty for all that its upstreams serve.</param>
public sealed record CapacityPool(
    string Id, Money Capital, Money Residual, int LifeMonths, Money Running, long TokensMonth, DateTimeOffset From, IReadOnlyList<string> Upstreams, IReadOnlyList<string> Models)
{
    /// <summary>All pools, by id.</summary>
    public static async Task<IReadOnlyList<CapacityPool>> ReadAsync(StoreSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        var rows = await session.QueryAsync<Row>(
            """
            select id as Id, currency as Currency, capital_micro as CapitalMicro, capital_pico as CapitalPico, residual_micro as ResidualMicro, residual_pico as ResidualPico,
                life_months as LifeMonths, running_micro as RunningMicro, running_pico as RunningPico, tokens_month as TokensMonth, effective_from as "From", upstreams as Upstreams,
                models as Models
            from capacity_pool
            """);
        return [.. rows.Select(static row => row.ToPool()).OrderBy(static pool => pool.Id, StringComparer.Ordinal)];
    }

    /// <summary>Adds pools or changes them: they are what reports reckon with, and nothing was charged by them.</summary>
    public static async Task<IReadOnlyList<Change>> DeclareAsync(StoreSession session, IReadOnlyList<CapacityPool> wanted)
    {
        ArgumentNullException.ThrowIfNull(session);
        return await session.DeclareAsync(
            "capacity_pool", await ReadAsync(session), [.. wanted.Select(static pool => ToRow(pool).ToPool())], static pool => pool.Id,
            """
            insert into capacity_pool(id, currency, capital_micro, capital_pico, residual_micro, residual_pico, life_months, running_micro, running_pico, tokens_month, effective_from, upstreams, models)
            values(@Id, @Currency, @CapitalMicro, @CapitalPico, @ResidualMicro, @ResidualPico, @LifeMonths, @RunningMicro, @RunningPico, @TokensMonth, @From, @Upstreams, @Models)
            on conflict(id) do update set currency = excluded.currency, capital_micro = excluded.capital_micro, capital_pico = excluded.capital_pico,
                residual_micro = excluded.residual_micro, residual_pico = excluded.residual_pico, life_months = excluded.life_months, running_micro = excluded.running_micro,
                running_pico = excluded.running_pico, tokens_month = excluded.tokens_month, effective_from = excluded.effective_from, upstreams = excluded.upstreams, models = excluded.models
            """, static pool => ToRow(pool));
    }

    private static Row ToRow(CapacityPool pool) => new(
        pool.Id, pool.Capital.Currency.Code, pool.Capital.Micro, pool.Capital.Pico, pool.Residual.Micro, pool.Residual.Pico, pool.LifeMonths, pool.Running.Micro, pool.Running.Pico,
        pool.TokensMonth, pool.From.ToMicros(), JsonSerializer.Serialize(pool.Upstreams), JsonSerializer.Serialize(pool.Models));

    private sealed record Row(
        string Id, string Currency, long CapitalMicro, long CapitalPico, long ResidualMicro, long ResidualPico, long LifeMonths, long RunningMicro, long RunningPico, long TokensMonth,
        long From, string Upstreams, string Models)
    {
        public CapacityPool ToPool()
        {
            var currency = Dogana.Currency.Of(Currency);
            return new CapacityPool(
                Id, Money.FromParts(CapitalMicro, CapitalPico, currency), Money.FromParts(ResidualMicro, ResidualPico, currency), (int)LifeMonths,
                Money.FromParts(RunningMicro, RunningPico, currency), TokensMonth, StoredTime.FromMicros(From), JsonSerializer.Deserialize<string[]>(Upstreams)!,
                JsonSerializer.Deserialize<string[]>(Models)!);
        }
    }
}
