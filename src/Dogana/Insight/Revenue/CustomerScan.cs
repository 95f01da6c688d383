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
/// Goes through all customers once for any number of windows, year by year, and holds none of them. What is in the report's currency is added up over a window's months by the store; the rest is
/// converted month by month, because each month has its rate.
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
        var isForeign = await HasForeignAsync(from, to);
        for (var year = from.Year; year <= to.Year; year++)
        {
            var spans = windows.Select((window, index) => (Index: index, Months: YearCells.Within(year, window.From, window.To))).Where(static span => span.Months is not null)
                .Select(static span => new Span(span.Index, span.Months!.Value.First, span.Months.Value.Last)).ToArray();
            if (spans.Length > 0)
            {
                await ReadOwnAsync(year, spans, byChannel, visit);
            }

            if (spans.Length > 0 && isForeign)
            {
                await ReadForeignAsync(year, spans, byChannel, visit);
            }
        }
    }

    private Task ReadOwnAsync(int year, Span[] spans, bool byChannel, CustomerVisit visit)
    {
        var channels = new Names();
        return session.ReadEachAsync(
            $"select party, {(byChannel ? "channel" : "''")}{string.Concat(spans.Select(static span => ", " + YearCells.Sum(YearCells.Micros, span.First, span.Last)))} {From()} and currency = @currency",
            Parameters(year),
            reader =>
            {
                var (party, channel) = ((int)reader.GetInt64(0), byChannel ? channels.Of(reader.GetString(1)) : "");
                for (var place = 0; place < spans.Length; place++)
                {
                    if (reader.GetInt64(place + 2) is not 0 and var micro)
                    {
                        visit(party, channel, spans[place].Window, (Int128)micro * PicoPerMicro);
                    }
                }
            });
    }

    private Task ReadForeignAsync(int year, Span[] spans, bool byChannel, CustomerVisit visit)
    {
        var rates = new Dictionary<(string Currency, int Month), Int128>();
        return session.ReadEachAsync(
            $"select party, {(byChannel ? "channel" : "''")}, currency{string.Concat(YearCells.Micros.Select(static month => $", cast(sum({month}) as bigint)"))} {From()} and currency <> @currency group by party, currency{(byChannel ? ", channel" : "")}",
            Parameters(year),
            reader =>
            {
                var (party, channel, currency) = ((int)reader.GetInt64(0), reader.GetString(1), reader.GetString(2));
                for (var month = 1; month <= YearCells.Months; month++)
                {
                    if (reader.GetInt64(month + 2) is not 0 and var micro && spans.Any(span => span.First <= month && month <= span.Last))
                    {
                        var pico = Converted(micro, Rate(currency, month));
                        foreach (var span in spans.Where(span => span.First <= month && month <= span.Last))
                        {
                            visit(party, channel, span.Window, pico);
                        }
                    }
                }
            });

        // What one unit comes to is the rate.
        Int128 Rate(string currency, int month)
        {
            if (!rates.TryGetValue((currency, month), out var rate))
            {
                rates[(currency, month)] = rate = ExactRatio.Pico(scope.Convert(new Money(1, Currency.Of(currency)), new BillingMonth(year, month)));
            }

            return rate;
        }
    }

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
        ? $"from revenue_customer where year = @year {(scope.IsByService ? "" : "and is_shift = 0")} and {RevenueReader.Conditions(session, scope)}"
        : $"from revenue_year where year = @year {(scope.IsByService ? "" : "and is_shift = 0")} and {RevenueReader.Conditions(session, scope)} and kind <> '{RevenueCells.Prepayment}'";

    private object Parameters(int year) => new
    {
        year = (long)year, currency = scope.Currency.Code, sellers = session.List([.. scope.Sellers]), scope.Request.Channel, models = session.List([.. scope.Models ?? []]),
    };

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Span(int Window, int First, int Last);

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
