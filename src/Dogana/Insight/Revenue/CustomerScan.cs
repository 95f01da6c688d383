using System.Globalization;
using System.Runtime.InteropServices;
using Dogana.Billing;
using Dogana.Insight.Arithmetic;
using Dogana.Storage;

namespace Dogana.Insight.Revenue;

/// <summary>Some months, both included.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct MonthWindow(BillingMonth From, BillingMonth To)
{
    /// <summary>The same months a year before.</summary>
    public MonthWindow YearBefore => new(From.Plus(-YearCells.Months), To.Plus(-YearCells.Months));
}

/// <summary>Takes what a customer brought in a window: in parts, which are to be added.</summary>
/// <param name="party">The customer's number.</param>
/// <param name="channel">The channel, where it is asked for; else empty.</param>
/// <param name="window">Which window.</param>
/// <param name="pico">In the report's currency, in parts of 10⁻¹².</param>
internal delegate void CustomerVisit(int party, string channel, int window, Int128 pico);

/// <summary>
/// Goes through all customers once for any number of windows and holds none of them. What is in the report's currency is added up over a window's months by the store; the rest is converted month by
/// month, because each month has its rate.
/// </summary>
internal sealed class CustomerScan(StoreSession session, ReportScope scope)
{
    private const long PicoPerMicro = 1_000_000;

    /// <summary>How many customers have numbers: 1 to this one.</summary>
    public async Task<int> CountAsync() => checked((int)await session.ScalarAsync<long>("select coalesce(max(number), 0) from revenue_party"));

    /// <summary>Goes through them.</summary>
    /// <param name="windows">The windows; they may overlap.</param>
    /// <param name="byChannel">Each channel by itself?</param>
    /// <param name="visit">Takes the amounts.</param>
    /// <exception cref="ProblemException">No exchange rate is in force where one is needed.</exception>
    public async Task RunAsync(IReadOnlyList<MonthWindow> windows, bool byChannel, CustomerVisit visit)
    {
        var (from, to) = (windows.Min(static window => window.From), windows.Max(static window => window.To));
        await ReadOwnAsync(from, to, windows, byChannel, visit);
        if (await HasForeignAsync(from, to))
        {
            await ReadForeignAsync(from, to, windows, byChannel, visit);
        }
    }

    // All years by one query: a customer's rows of other years lie between those that are asked for.
    private Task ReadOwnAsync(BillingMonth from, BillingMonth to, IReadOnlyList<MonthWindow> windows, bool byChannel, CustomerVisit visit)
    {
        var channels = new Names();
        return session.ReadEachAsync(
            $"select party, {(byChannel ? "channel" : "''")}{string.Concat(windows.Select(window => ", " + (from.Year == to.Year ? YearCells.Sum(YearCells.Micros, window.From.Month, window.To.Month) : Sum(window))))} {From()} and currency = @currency",
            Parameters(from, to),
            reader =>
            {
                var (party, channel) = ((int)reader.GetInt64(0), byChannel ? channels.Of(reader.GetString(1)) : "");
                for (var window = 0; window < windows.Count; window++)
                {
                    if (reader.GetInt64(window + 2) is not 0 and var micro)
                    {
                        visit(party, channel, window, (Int128)micro * PicoPerMicro);
                    }
                }
            });
    }

    private Task ReadForeignAsync(BillingMonth from, BillingMonth to, IReadOnlyList<MonthWindow> windows, bool byChannel, CustomerVisit visit)
    {
        var rates = new Dictionary<(string Currency, BillingMonth Month), Int128>();
        return session.ReadEachAsync(
            $"select party, {(byChannel ? "channel" : "''")}, currency, year{string.Concat(YearCells.Micros.Select(static month => $", cast(sum({month}) as bigint)"))} {From()} and currency <> @currency group by party, currency, year{(byChannel ? ", channel" : "")}",
            Parameters(from, to),
            reader =>
            {
                var (party, channel, currency, year) = ((int)reader.GetInt64(0), reader.GetString(1), reader.GetString(2), (int)reader.GetInt64(3));
                for (var number = 1; number <= YearCells.Months; number++)
                {
                    var month = new BillingMonth(year, number);
                    if (reader.GetInt64(number + 3) is not 0 and var micro && month >= from && month <= to)
                    {
                        var pico = Converted(micro, Rate(currency, month));
                        for (var window = 0; window < windows.Count; window++)
                        {
                            if (windows[window].From <= month && month <= windows[window].To)
                            {
                                visit(party, channel, window, pico);
                            }
                        }
                    }
                }
            });

        // What one unit comes to is the rate.
        Int128 Rate(string currency, BillingMonth month)
        {
            if (!rates.TryGetValue((currency, month), out var rate))
            {
                rates[(currency, month)] = rate = ExactRatio.Pico(scope.Convert(new Money(1, Currency.Of(currency)), month));
            }

            return rate;
        }
    }

    // A window's months of whichever year a row is of.
    private static string Sum(MonthWindow window) => "case year " + string.Concat(Enumerable.Range(window.From.Year, window.To.Year - window.From.Year + 1)
        .Select(year => (Year: year, Months: YearCells.Within(year, window.From, window.To)!.Value))
        .Select(static part => string.Create(CultureInfo.InvariantCulture, $"when {part.Year} then {YearCells.Sum(YearCells.Micros, part.Months.First, part.Months.Last)} "))) + "else 0 end";

    // As exchange rates round: half away from zero, once.
    private static Int128 Converted(long micro, Int128 rate)
    {
        var (whole, rest) = Int128.DivRem(Int128.Abs(micro) * rate, PicoPerMicro);
        return (whole + (rest * 2 >= PicoPerMicro ? 1 : 0)) * Math.Sign(micro);
    }

    private async Task<bool> HasForeignAsync(BillingMonth from, BillingMonth to)
    {
        var month = scope.IsByService ? "service_month" : "month";
        return await session.ScalarAsync<long>(
            $"select count(*) from (select 1 from revenue_model where {month} >= @from and {month} <= @to and currency <> @currency and {RevenueReader.Conditions(session, scope)} limit 1) foreign_row",
            new
            {
                from = from.ToString(), to = to.ToString(), currency = scope.Currency.Code, sellers = session.List([.. scope.Sellers]), scope.Request.Channel, models = session.List([.. scope.Models ?? []]),
            }) > 0;
    }

    private string From() => scope.Models is null
        ? $"from revenue_customer where year >= @first and year <= @last {(scope.IsByService ? "" : "and is_shift = 0")} and {RevenueReader.Conditions(session, scope)}"
        : $"from revenue_year where year >= @first and year <= @last {(scope.IsByService ? "" : "and is_shift = 0")} and {RevenueReader.Conditions(session, scope)} and kind <> '{RevenueCells.Prepayment}'";

    private object Parameters(BillingMonth from, BillingMonth to) => new
    {
        first = (long)from.Year, last = (long)to.Year, currency = scope.Currency.Code, sellers = session.List([.. scope.Sellers]), scope.Request.Channel, models = session.List([.. scope.Models ?? []]),
    };

    /// <summary>One text for each name, however often it is read.</summary>
    private sealed class Names
    {
        private readonly HashSet<string> _known = new(StringComparer.Ordinal);

        public string Of(string name)
        {
            if (_known.TryGetValue(name, out var known))
            {
                return known;
            }

            _known.Add(name);
            return name;
        }
    }
}
