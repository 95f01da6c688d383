using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Dogana.Audit;
using Dogana.Billing;
using Dogana.Client;
using Dogana.Exports.Focus;
using Dogana.Storage;

namespace Dogana.Exports;

/// <summary>
/// Bills of other providers in FOCUS, beside one's own. A row is known by all of its cells, and by how often the file had it before: the same file, or a longer one of
/// the same rows, adds nothing twice.
/// </summary>
public static class ImportedCharges
{
    private static readonly string[] Columns =
        ["provider", "row_hash", "occurrence", "file_hash", "month", "currency", "billed_micro", "billed_pico", "cells", "imported_at"];

    /// <summary>Takes a file in: all of it, or nothing and the first fault with its line.</summary>
    public static async Task<Outcome<FocusImportReport>> ImportAsync(StoreSession session, string provider, string csv, string actor, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(csv);
        if (provider is not { Length: > 0 and <= 100 } || provider.Any(char.IsControl))
        {
            return new Problem(ProblemCode.InvalidRequest, "Name the provider whose bill it is, in 1 to 100 characters.", "provider");
        }

        if (!ReadFile(csv).TryGet(out var file, out var problem))
        {
            return problem;
        }

        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(csv)));
        var known = (await session.QueryAsync<Known>(
            $"select row_hash as RowHash, occurrence as Occurrence from imported_charge where provider = @provider and {session.IsOneOf("row_hash", "hashes")}",
            new { provider, hashes = session.List([.. file.Rows.Select(static row => row.RowHash).Distinct(StringComparer.Ordinal)]) })).ToHashSet();
        Charge[] added = [.. file.Rows.Where(row => !known.Contains(new Known(row.RowHash, row.Occurrence)))];
        await session.InsertAsync("imported_charge", Columns, added, row =>
            [provider, row.RowHash, row.Occurrence, hash, row.Month, row.Billed.Currency.Code, row.Billed.Micro, row.Billed.Pico, row.Cells, now.ToMicros()]);
        if (added.Length > 0)
        {
            await AuditLog.WriteAsync(session, now, actor, "focus.import", provider, string.Create(CultureInfo.InvariantCulture, $"{added.Length} of {file.Rows.Count} rows, file {hash}"));
        }

        return new FocusImportReport(provider, hash, file.Rows.Count, added.Length, file.Ignored);
    }

    /// <summary>What each provider billed, by month and currency.</summary>
    public static async Task<IReadOnlyList<ImportedSum>> SumAsync(StoreSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        var rows = await session.QueryAsync<SumRow>(
            """
            select provider as Provider, month as Month, currency as Currency, count(*) as Charges, cast(sum(billed_micro) as bigint) as Micro, cast(sum(billed_pico) as bigint) as Pico
            from imported_charge group by provider, month, currency order by month, provider, currency
            """);
        return [.. rows.Select(static row => new ImportedSum(
            row.Provider, row.Month, row.Currency, row.Charges, Money.FromParts(row.Micro, row.Pico, Dogana.Currency.Of(row.Currency)).ToAmountText()))];
    }

    /// <summary>The cells of a month's rows, in the order of <see cref="FocusColumns.All"/>.</summary>
    internal static async Task<IReadOnlyList<string?[]>> ReadAsync(StoreSession session, BillingMonth month) => [.. (await session.QueryAsync<string>(
        "select cells from imported_charge where month = @month order by provider, row_hash, occurrence", new { month = month.ToString() }))
        .Select(static cells => JsonSerializer.Deserialize<string?[]>(cells)!)];

    private static Outcome<ImportedFile> ReadFile(string csv)
    {
        var records = CsvText.Read(new StringReader(csv.TrimStart('\uFEFF'))).GetEnumerator();
        if (!records.MoveNext() || records.Current is not (var headerLine, { } header))
        {
            return Wrong(1, "there is no header. Send FOCUS in CSV, with the columns' names first");
        }

        var places = header.ConvertAll(FocusColumns.PlaceOf);
        if (FocusColumns.Mandatory.FirstOrDefault(column => !header.Contains(column)) is { } missing)
        {
            return Wrong(1, $"the column {missing} is missing, which FOCUS wants in every dataset");
        }

        var rows = new List<Charge>();
        var seen = new Dictionary<string, long>(StringComparer.Ordinal);
        while (records.MoveNext())
        {
            if (records.Current is not (var line, { } cells))
            {
                return Wrong(headerLine, "a quote is never closed");
            }

            if (cells.Count != places.Count)
            {
                return Wrong(line, $"there are {cells.Count.ToString(CultureInfo.InvariantCulture)} cells under {places.Count.ToString(CultureInfo.InvariantCulture)} columns");
            }

            var row = new FocusRow();
            for (var index = 0; index < cells.Count; index++)
            {
                if (places[index] >= 0 && cells[index].Length > 0 && cells[index] != "NULL")
                {
                    row.Cells[places[index]] = cells[index];
                }
            }

            if (!Billed(row, line).TryGet(out var billed, out var problem))
            {
                return problem;
            }

            var text = JsonSerializer.Serialize(row.Cells);
            var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
            var occurrence = seen[hash] = seen.GetValueOrDefault(hash) + 1;
            rows.Add(new Charge(hash, occurrence, Month(row)!, billed, text));
        }

        return new ImportedFile(rows, [.. header.Where(static column => FocusColumns.PlaceOf(column) < 0)]);
    }

    private static Outcome<Money> Billed(FocusRow row, int line) =>
        row["BillingCurrency"] is not { } code || Dogana.Currency.Find(code) is not { } currency
            ? Wrong(line, $"BillingCurrency '{row["BillingCurrency"]}' is not a currency that Dogana knows")
            : row["BilledCost"] is not { } cost || !decimal.TryParse(cost, NumberStyles.Float, CultureInfo.InvariantCulture, out var amount)
                || Math.Abs(amount) > 1_000_000_000_000m || decimal.Round(amount, Money.Scale) != amount
                ? Wrong(line, $"BilledCost '{row["BilledCost"]}' is not a decimal of at most {Money.Scale} places")
                : Month(row) is null
                    ? Wrong(line, $"BillingPeriodStart '{row["BillingPeriodStart"]}' and BillingPeriodEnd '{row["BillingPeriodEnd"]}' are not instants such as 2026-01-01T00:00:00Z, one after the other")
                    : new Money(amount, currency);

    // The month that holds the period's middle: periods begin at midnight somewhere on earth.
    private static string? Month(FocusRow row) => Instant(row["BillingPeriodStart"]) is { } start && Instant(row["BillingPeriodEnd"]) is { } end && end > start
        ? BillingMonth.Of(start + (end - start) / 2, "Etc/UTC").ToString()
        : null;

    private static DateTimeOffset? Instant(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) && at.Year is > 1900 and < 9000 ? at : null;

    private static Problem Wrong(int line, string what) =>
        new(ProblemCode.InvalidRequest, string.Create(CultureInfo.InvariantCulture, $"Line {line}: {what}. Nothing was taken in."), "file");

    private sealed record ImportedFile(IReadOnlyList<Charge> Rows, IReadOnlyList<string> Ignored);

    private sealed record Charge(string RowHash, long Occurrence, string Month, Money Billed, string Cells);

    private sealed record Known(string RowHash, long Occurrence);

    // Not a positional record: SQLite gives the columns of an empty aggregate no type, and a constructor could not be matched.
    private sealed class SumRow
    {
        public string Provider { get; init; } = "";

        public string Month { get; init; } = "";

        public string Currency { get; init; } = "";

        public long Charges { get; init; }

        public long Micro { get; init; }

        public long Pico { get; init; }
    }
}
