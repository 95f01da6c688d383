using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Unicode;

namespace Dogana.Parties.Ownership.Import;

/// <summary>
/// Statements of the Beneficial Ownership Data Standard 0.4. The last statement about a record in the file counts. A party is an organisation where the LEI
/// or an identifier of the scheme <c>DOGANA</c> says so; else it is known from statements only.
/// </summary>
internal sealed class BodsImport(ImportSpool spool, KnownParties known)
{
    private readonly Dictionary<UInt128, int> _last = [];
    private readonly Dictionary<UInt128, string> _parties = [];

    public async Task RunAsync(ScratchFile file, CancellationToken cancellation)
    {
        // 1. Which statement about a record is the last one, and which records are parties that are known already.
        var number = 0;
        await foreach (var statement in ReadAsync(file, cancellation))
        {
            number++;
            if (RecordId(statement) is { } record && Text(statement, "recordType") is { } type)
            {
                var key = ImportText.Hash(record);
                _last[key] = number;
                _parties.Remove(key);
                if (type is "entity" or "person" && FindParty(statement) is { } party)
                {
                    _parties[key] = party;
                }
            }
        }

        // 2. Parties and relationships.
        number = 0;
        await foreach (var statement in ReadAsync(file, cancellation))
        {
            number++;
            if (RecordId(statement) is not { } record || Text(statement, "recordType") is not { } type)
            {
                spool.Skip("not a statement of BODS 0.4: no recordId or recordType");
            }
            else if (_last[ImportText.Hash(record)] != number)
            {
                spool.Skip("a later statement in the file is about the same record");
            }
            else if (type is "entity" or "person")
            {
                await AddPartyAsync(record, statement, type);
            }
            else if (type == "relationship")
            {
                await AddRelationshipAsync(record, statement);
            }
            else
            {
                spool.Skip("a record type that is not known");
            }
        }
    }

    private async Task AddPartyAsync(string record, JsonElement statement, string type)
    {
        var id = PartyOf(record);
        if (known.Organisations.Contains(id))
        {
            return; // what an organisation is called stands in the world file
        }

        var details = Object(statement, "recordDetails");
        var isPerson = type == "person";
        var name = isPerson ? Text(First(details, "names"), "fullName") : Text(details, "name");
        var country = isPerson ? Text(First(details, "nationalities"), "code") : Text(Object(details, "jurisdiction"), "code");
        await spool.AddAsync(new OwnershipParty(
            id, ImportText.Line(name, ImportText.Line(record, id)), isPerson ? OwnershipPartyKind.Person : OwnershipPartyKind.Entity, ImportText.Country(country), isPerson ? null : Lei(details)));
    }

    private async Task AddRelationshipAsync(string record, JsonElement statement)
    {
        var details = Object(statement, "recordDetails");
        var (subject, interested) = (Text(details, "subject"), Text(details, "interestedParty"));
        if (subject is null || !_last.ContainsKey(ImportText.Hash(subject)))
        {
            spool.Skip("a relationship whose subject has no statement in the file");
            return;
        }

        if (interested is not null && !_last.ContainsKey(ImportText.Hash(interested)))
        {
            spool.Skip("a relationship whose interested party has no statement in the file");
            return;
        }

        var at = ImportText.Instant(Text(statement, "statementDate"));
        var closed = Text(statement, "recordStatus") == "closed" ? at ?? DateTimeOffset.UnixEpoch : (DateTimeOffset?)null;
        var source = ImportText.Line(
            Text(Object(statement, "source"), "description") ?? Text(Object(statement, "source"), "url") ?? Text(Object(Object(statement, "publicationDetails"), "publisher"), "name"),
            "BODS 0.4");
        var id = IdOf(record);
        var statements = new List<OwnershipStatement>();
        foreach (var (number, interest) in List(details, "interests").Index())
        {
            if (!BodsInterest.Map(interest).TryGet(out var mapped, out var skipped))
            {
                spool.Skip(skipped);
                continue;
            }

            var (from, to) = (ImportText.Instant(Text(interest, "startDate")), ImportText.Instant(Text(interest, "endDate")));
            to = closed is { } end && !(to < end) ? end : to;
            statements.Add(new OwnershipStatement(
                string.Create(CultureInfo.InvariantCulture, $"{id}-{number + 1}"), PartyOf(subject), interested is null ? null : PartyOf(interested),
                mapped.Kind, mapped.Share, from, to < from ? from : to, source));
        }

        if (List(details, "interests").Count == 0)
        {
            spool.Skip("a relationship without an interest");
        }

        await spool.AddAsync(new ImportedRecord(id, at, statements));
    }

    private string? FindParty(JsonElement statement)
    {
        var details = Object(statement, "recordDetails");
        var declared = Identifier(details, "DOGANA");
        return declared is not null && known.Organisations.Contains(declared) ? declared
            : Lei(details) is not { } lei ? null
            : known.ByLei.GetValueOrDefault(lei) ?? ImportText.PartyOfLei(lei);
    }

    private string PartyOf(string record) => _parties.GetValueOrDefault(ImportText.Hash(record)) ?? IdOf(record);

    // The record's id where it can be one here, else what stands for it.
    private static string IdOf(string record) =>
        record.Length is > 0 and <= 50 && record.All(static c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '.') && char.IsAsciiLetterOrDigit(record[^1])
            ? "bods-" + record
            : $"bods.{ImportText.Hash(record):x32}";

    private static string? Lei(JsonElement details) => Identifier(details, "XI-LEI") is { Length: 20 } lei && lei.All(static c => char.IsAsciiDigit(c) || char.IsAsciiLetterUpper(c)) ? lei : null;

    private static string? Identifier(JsonElement details, string scheme) =>
        List(details, "identifiers").Where(item => Text(item, "scheme") == scheme).Select(static item => Text(item, "id")).FirstOrDefault();

    private static string? RecordId(JsonElement statement) => Text(statement, "recordId");

    private static JsonElement Object(JsonElement parent, string name) => parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var found) ? found : default;

    private static string? Text(JsonElement parent, string name) => Object(parent, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    private static IReadOnlyList<JsonElement> List(JsonElement parent, string name) => Object(parent, name) is { ValueKind: JsonValueKind.Array } list ? [.. list.EnumerateArray()] : [];

    private static JsonElement First(JsonElement parent, string name) => List(parent, name) is [var first, ..] ? first : default;

    private static async IAsyncEnumerable<JsonElement> ReadAsync(ScratchFile scratch, [EnumeratorCancellation] CancellationToken cancellation)
    {
        // An array, or one statement after the other.
        var file = scratch.Rewind();
        var (isArray, start) = FindStart(file);
        file.Position = start;
        var number = 0;
        await foreach (var statement in JsonSerializer.DeserializeAsyncEnumerable<JsonElement>(file, topLevelValues: !isArray, JsonSerializerOptions.Default, cancellation))
        {
            number++;
            if (FindBrokenText(JsonMarshal.GetRawUtf8Value(statement)) is { } at)
            {
                throw new ProblemException(new Problem(ProblemCode.InvalidJson, string.Create(
                    CultureInfo.InvariantCulture,
                    $"The {number}. statement of the file has a text that is not Unicode, at its byte {at}: wrong UTF-8, or half of a surrogate pair. Correct it; nothing was imported.")));
            }

            yield return statement;
        }
    }

    // JSON is read without a look at its texts; asking for a broken one throws. Gives the place of its quote.
    private static long? FindBrokenText(ReadOnlySpan<byte> statement)
    {
        if (Utf8.IsValid(statement) && statement.IndexOf("\\u"u8) < 0)
        {
            return null;
        }

        var reader = new Utf8JsonReader(statement);
        while (reader.Read())
        {
            try
            {
                _ = reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName ? reader.GetString() : null;
            }
            catch (InvalidOperationException)
            {
                return reader.TokenStartIndex;
            }
        }

        return null;
    }

    private static (bool IsArray, long Start) FindStart(FileStream file)
    {
        int first;
        do
        {
            first = file.ReadByte();
        }
        while (first is ' ' or '\t' or '\r' or '\n' or 0xEF or 0xBB or 0xBF); // a mark of UTF-8 too
        return (first == '[', Math.Max(0, file.Position - 1));
    }
}
