using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;

namespace Dogana.Parties.Ownership.Import;

/// <summary>
/// GLEIF's golden copy. Whoever consolidates another one's accounts controls it (IFRS 10): direct and ultimate parents become control, and so does a branch's
/// head office, which is the same legal entity. Only what is connected with an organisation that has a LEI is taken, over any number of steps.
/// </summary>
internal static class GleifImport
{
    private const string Start = "Relationship.StartNode.NodeID", End = "Relationship.EndNode.NodeID", Type = "Relationship.RelationshipType",
        Status = "Relationship.RelationshipStatus", Source = "GLEIF golden copy, Level 2";

    private const int PeriodsMax = 5;

    public static async Task RunAsync(ImportSpool spool, KnownParties known, ScratchFile file, CancellationToken cancellation)
    {
        var parties = known.ByLei;
        var connected = await FindConnectedAsync(file, parties.Keys, cancellation);
        await ReadAsync(file, [Start, End, Type, Status], async csv =>
        {
            var (child, parent) = (csv.GetField(Start)!, csv.GetField(End)!);
            if (Kind(csv) is not { } kind)
            {
                spool.Skip(SkipReason(csv));
            }
            else if (!connected.Contains(child))
            {
                spool.Skip("not connected with an organisation that has a LEI");
            }
            else
            {
                foreach (var lei in new[] { child, parent }.Where(lei => !parties.ContainsKey(lei)))
                {
                    await spool.AddAsync(new OwnershipParty(ImportText.PartyOfLei(lei), lei, OwnershipPartyKind.Entity, null, lei), onlyIfMissing: true);
                }

                var id = $"gleif.{child}-{parent}-{kind}".ToLowerInvariant();
                var (from, to) = Period(csv);
                await spool.AddAsync(new ImportedRecord(id, null, [new OwnershipStatement(id, Party(child), Party(parent), InterestKind.Control, ShareRange.All, from, to, Source)]));
            }
        }, cancellation);

        string Party(string lei) => parties.GetValueOrDefault(lei) ?? ImportText.PartyOfLei(lei);
    }

    public static async Task RunNamesAsync(ImportSpool spool, KnownParties known, ScratchFile file, CancellationToken cancellation)
    {
        var parties = known.Parties.ToLookup(static item => item.Lei!, StringComparer.Ordinal);
        await ReadAsync(file, ["LEI", "Entity.LegalName", "Entity.LegalAddress.Country"], async csv =>
        {
            foreach (var party in parties[csv.GetField("LEI")!])
            {
                await spool.AddAsync(party with
                {
                    Name = ImportText.Line(csv.GetField("Entity.LegalName"), party.Name), Country = ImportText.Country(csv.GetField("Entity.LegalAddress.Country")) ?? party.Country,
                });
            }
        }, cancellation);
    }

    // Which LEIs are connected with a known one: sets are joined while the file is read; numbers stand for the texts.
    private static async Task<HashSet<string>> FindConnectedAsync(ScratchFile file, IEnumerable<string> known, CancellationToken cancellation)
    {
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        var above = new List<int>();
        await ReadAsync(file, [Start, End, Type, Status], csv =>
        {
            if (Kind(csv) is not null)
            {
                above[Top(Number(csv.GetField(Start)!))] = Top(Number(csv.GetField(End)!));
            }

            return Task.CompletedTask;
        }, cancellation);
        var tops = known.Where(numbers.ContainsKey).Select(lei => Top(numbers[lei])).ToHashSet();
        return numbers.Where(item => tops.Contains(Top(item.Value))).Select(static item => item.Key).ToHashSet(StringComparer.Ordinal);

        int Number(string lei)
        {
            if (!numbers.TryGetValue(lei, out var number))
            {
                numbers.Add(lei, number = above.Count);
                above.Add(number);
            }

            return number;
        }

        int Top(int number)
        {
            while (above[number] != number)
            {
                number = above[number] = above[above[number]];
            }

            return number;
        }
    }

    private static string? Kind(CsvReader csv) =>
        IsLei(csv.GetField(Start)) && IsLei(csv.GetField(End)) && Text(csv, "Registration.RegistrationStatus") is not ("ANNULLED" or "DUPLICATE")
            ? csv.GetField(Type) switch
            {
                "IS_DIRECTLY_CONSOLIDATED_BY" => "direct",
                "IS_ULTIMATELY_CONSOLIDATED_BY" => "ultimate",
                "IS_INTERNATIONAL_BRANCH_OF" => "branch",
                _ => null,
            }
            : null;

    private static string SkipReason(CsvReader csv) => !IsLei(csv.GetField(Start)) || !IsLei(csv.GetField(End)) ? "a party without a LEI"
        : Text(csv, "Registration.RegistrationStatus") is "ANNULLED" or "DUPLICATE" ? "annulled or a duplicate"
        : csv.GetField(Type) is "IS_FUND-MANAGED_BY" or "IS_SUBFUND_OF" or "IS_FEEDER_TO" ? "a relation of funds: managing one is not controlling it"
        : "a relationship type that is not known";

    // The period of the relationship, not those of accounts and filings. What ended without a date ended when that was reported.
    private static (DateTimeOffset? From, DateTimeOffset? To) Period(CsvReader csv)
    {
        DateTimeOffset? from = null, to = null;
        for (var number = 1; number <= PeriodsMax; number++)
        {
            var period = string.Create(CultureInfo.InvariantCulture, $"Relationship.Period.{number}.");
            if (Text(csv, period + "periodType") == "RELATIONSHIP_PERIOD")
            {
                (from, to) = (ImportText.Instant(Text(csv, period + "startDate")), ImportText.Instant(Text(csv, period + "endDate")));
            }
        }

        if (csv.GetField(Status) != "ACTIVE")
        {
            to ??= ImportText.Instant(Text(csv, "Registration.LastUpdateDate")) ?? from ?? DateTimeOffset.UnixEpoch;
        }

        return (from, to < from ? from : to);
    }

    private static bool IsLei(string? text) => text is { Length: 20 } && text.All(static c => char.IsAsciiDigit(c) || char.IsAsciiLetterUpper(c));

    private static string? Text(CsvReader csv, string column) => csv.TryGetField<string>(column, out var text) ? text : null;

    private static async Task ReadAsync(ScratchFile file, string[] columns, Func<CsvReader, Task> row, CancellationToken cancellation)
    {
        using var reader = new StreamReader(file.Rewind(), bufferSize: 1 << 16, leaveOpen: true);
        using var csv = new CsvReader(reader, new CsvConfiguration(CultureInfo.InvariantCulture) { MaxFieldSize = 1 << 16, MissingFieldFound = null });
        if (!await csv.ReadAsync() || !csv.ReadHeader() || columns.FirstOrDefault(column => !csv.HeaderRecord!.Contains(column, StringComparer.Ordinal)) is { } missing)
        {
            throw new ProblemException(new Problem(
                ProblemCode.InvalidRequest, $"The file lacks a column of GLEIF's golden copy; it needs {string.Join(", ", columns)}. Send the CSV as it is published, unzipped.", "format"));
        }

        while (await csv.ReadAsync())
        {
            cancellation.ThrowIfCancellationRequested();
            await row(csv);
        }
    }
}
