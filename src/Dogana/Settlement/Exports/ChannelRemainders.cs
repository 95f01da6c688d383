using Dogana.Billing;
using Dogana.Metering;
using Dogana.Parties;
using Dogana.Settlement.Statements;
using Dogana.Storage;

namespace Dogana.Settlement.Exports;

/// <summary>What exports could not report and no statement has told yet: usage that came late, hours that expired, what is less than a whole quantity.</summary>
internal static class ChannelRemainders
{
    private const string Zone = "Etc/UTC";

    /// <summary>The remainders of the months up to one, with the two companies of the first leg about the channel.</summary>
    public static async Task<IReadOnlyList<(string Payer, string Payee, RemainderLine Line)>> ReadAsync(
        StoreSession session, IReadOnlyList<ShareLeg> legs, BillingMonth upTo, DateTimeOffset now)
    {
        var found = new List<(string, string, RemainderLine)>();
        var exports = await ChannelExports.ReadAsync(session);
        if (exports.Count == 0)
        {
            return found;
        }

        var channels = (await PartyRegister.ReadAsync(session)).Channels;
        var told = (await ReadRowsAsync(session)).ToLookup(static row => (row.Rule, row.Dimension, row.Month));
        foreach (var export in exports)
        {
            if (legs.FirstOrDefault(leg => leg.Channel == export.Channel || (leg.Channel is null && leg.Payer == channels.GetValueOrDefault(export.Channel)?.Seller)) is not { } leg)
            {
                continue;
            }

            // Hours that may still be reported are not a remainder yet.
            var counted = await ExportRows.FindMarkAsync(session, export.Id) is { } mark ? mark.AddHours(1) : export.From;
            var expired = HourCount.HourOf(now - export.Limit).AddHours(1);
            var end = export.To is { } stop && stop < Later(counted, expired) ? stop : Later(counted, expired);
            for (var month = BillingMonth.Of(export.From, Zone); month <= upTo; month = month.Next)
            {
                var (from, to) = (Later(month.Start(Zone), export.From), month.End(Zone) < end ? month.End(Zone) : end);
                if (from >= to)
                {
                    continue;
                }

                var usage = (await UsageHours.ReadAsync(session, export.Channel, from, to)).Where(item => export.Organisation is null || item.Organisation == export.Organisation).ToArray();
                foreach (var dimension in export.Dimensions.OrderBy(static dimension => dimension.Dimension, StringComparer.Ordinal))
                {
                    var due = Math.Max(0, HourCount.Units(dimension, usage) - dimension.Included * dimension.UnitsPerQuantity);
                    var reported = await ExportRows.SumReportedAsync(session, export.Id, dimension.Dimension, month) * dimension.UnitsPerQuantity;
                    var units = due - reported - told[(export.Id, dimension.Dimension, month.ToString())].Sum(static row => row.Units);
                    if (units != 0)
                    {
                        found.Add((leg.Payer, leg.Payee, new RemainderLine(export.Id, dimension.Dimension, month, units, dimension.UnitsPerQuantity)));
                    }
                }
            }
        }

        return found;
    }

    /// <summary>Keeps what a statement told.</summary>
    public static Task<int> MarkAsync(StoreSession session, IReadOnlyList<RemainderLine> lines, string statement) => session.ExecuteAsync(
        "insert into channel_remainder(rule, dimension, month, statement, units, units_per_quantity) values(@Rule, @Dimension, @Month, @Statement, @Units, @UnitsPerQuantity)",
        lines.Select(line => new RemainderRow(line.Export, line.Dimension, line.Month.ToString(), statement, line.Units, line.UnitsPerQuantity)).ToArray());

    /// <summary>All that statements told, in the order in which a statement has it.</summary>
    public static async Task<IReadOnlyList<RemainderRow>> ReadRowsAsync(StoreSession session) => [.. (await session.QueryAsync<RemainderRow>("""
        select rule as Rule, dimension as Dimension, month as Month, statement as Statement, units as Units, units_per_quantity as UnitsPerQuantity
        from channel_remainder
        """)).OrderBy(static row => row.Rule, StringComparer.Ordinal).ThenBy(static row => row.Month, StringComparer.Ordinal).ThenBy(static row => row.Dimension, StringComparer.Ordinal)];

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
}

/// <summary>What a statement told of an export's month.</summary>
internal sealed record RemainderRow(string Rule, string Dimension, string Month, string Statement, long Units, long UnitsPerQuantity)
{
    public RemainderLine ToLine() => new(Rule, Dimension, LineRows.Month(Month), Units, UnitsPerQuantity);
}
