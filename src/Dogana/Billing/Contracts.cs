using Dogana.Authority;
using Dogana.Billing.Accruing;
using Dogana.Parties;
using Dogana.Rating;
using Dogana.Storage;

namespace Dogana.Billing;

/// <summary>The contracts between sellers and customers.</summary>
public static class Contracts
{
    private const string Select = """
        select id as Id, organisation as Organisation, channel as Channel, price_book as PriceBook, effective_from as "From", effective_to as "To", terms as Terms from contract
        """;

    /// <summary>Adds contracts or changes them. A contract that has begun can only be ended: usage was charged by the rest of it.</summary>
    /// <param name="session">The transaction.</param>
    /// <param name="parties">The parties, as this transaction leaves them.</param>
    /// <param name="wanted">The contracts; their price books are declared before.</param>
    /// <param name="now">Now.</param>
    /// <exception cref="ProblemException">Something declared is invalid, overlaps or contradicts what is there; nothing may be committed.</exception>
    public static async Task<IReadOnlyList<Change>> DeclareAsync(StoreSession session, PartyTable parties, IReadOnlyList<Contract> wanted, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(parties);
        ArgumentNullException.ThrowIfNull(wanted);
        var table = await ReadAsync(session);
        var present = table.Contracts;
        wanted = [.. wanted.Select(contract => ToRow(WithZone(contract, table.ById.GetValueOrDefault(contract.Id), parties)).ToContract())]; // instants as stored: an offset is no difference
        var books = (await PriceBooks.ReadAsync(session)).Books;
        foreach (var contract in wanted)
        {
            CheckReferences(contract, parties, books);
            ContractTermsRules.Check(contract, parties, books);
            CheckUnchanged(contract, table.ById.GetValueOrDefault(contract.Id), now);
            await CheckResaleAsync(session, contract, table);
        }

        await RetailRows.AddResellersAsync(session, [.. present.Concat(wanted).Select(static contract => contract.Terms.Seller).OfType<string>().Distinct(StringComparer.Ordinal)]);
        CheckOverlaps([.. present.Where(contract => wanted.All(other => other.Id != contract.Id)), .. wanted]);
        return await session.DeclareAsync("contract", present, wanted, static contract => contract.Id, """
            insert into contract(id, organisation, channel, price_book, effective_from, effective_to, terms)
            values(@Id, @Organisation, @Channel, @PriceBook, @From, @To, @Terms)
            on conflict(id) do update set organisation = excluded.organisation, channel = excluded.channel, price_book = excluded.price_book,
                effective_from = excluded.effective_from, effective_to = excluded.effective_to, terms = excluded.terms
            """, static contract => ToRow(contract));
    }

    /// <summary>All contracts.</summary>
    public static async Task<ContractTable> ReadAsync(StoreSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        return new ContractTable([.. (await session.QueryAsync<Row>($"{Select} order by id")).Select(static row => row.ToContract())]);
    }

    /// <summary>The contract with this id, or null.</summary>
    public static async Task<Contract?> FindAsync(StoreSession session, string id)
    {
        ArgumentNullException.ThrowIfNull(session);
        return (await session.FindAsync<Row>($"{Select} where id = @id", new { id }))?.ToContract();
    }

    /// <summary>At most <paramref name="limit"/> contracts of a reach with ids after <paramref name="after"/>.</summary>
    public static async Task<IReadOnlyList<Contract>> ReadPageAsync(StoreSession session, string? after, int limit, Reach reach)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(reach);
        var rows = await session.QueryAsync<Row>(
            $"{Select} where id > @after and {reach.Condition(session, "organisation", "channel")} order by id limit @limit",
            new { after = after ?? "", limit, Organisations = reach.Organisations(session), Channels = reach.Channels(session) });
        return [.. rows.Select(static row => row.ToContract())];
    }

    /// <summary>All contracts, in pages: there may be more than memory should hold.</summary>
    internal static async IAsyncEnumerable<IReadOnlyList<Contract>> ReadPagesAsync(StoreSession session)
    {
        const int size = 10_000;
        for (IReadOnlyList<Contract> page = []; ;)
        {
            page = await ReadPageAsync(session, page.Count == 0 ? null : page[^1].Id, size, Reach.All);
            yield return page;
            if (page.Count < size)
            {
                yield break;
            }
        }
    }

    /// <summary>The contracts that are not over at an instant and charge something whatever is used, of all customers or of one.</summary>
    public static async Task<IReadOnlyList<Contract>> ReadFixedAsync(StoreSession session, DateTimeOffset at, string? organisation = null)
    {
        ArgumentNullException.ThrowIfNull(session);

        // Terms without any list that has something in it are most, and are not read: what is fixed is always in a list.
        var rows = await session.QueryAsync<Row>(
            $"{Select} where terms like '%[{{%' and (effective_to is null or effective_to > @at) {(organisation is null ? "" : "and organisation = @organisation")} order by id",
            new { at = at.ToMicros(), organisation });
        return [.. rows.Select(static row => row.ToContract()).Where(static contract => contract.Terms.IsFixed)];
    }

    /// <summary>The contracts of some customers.</summary>
    public static async Task<ContractTable> ReadOfAsync(StoreSession session, IEnumerable<string> organisations)
    {
        ArgumentNullException.ThrowIfNull(session);
        string[] ids = [.. organisations.Distinct(StringComparer.Ordinal)];
        var rows = await session.QueryAsync<Row>($"{Select} where {session.IsOneOf("organisation", "ids")} order by id", new { ids = session.List(ids) });
        return new ContractTable([.. rows.Select(static row => row.ToContract())]);
    }

    /// <summary>The contracts of the customers of some contracts.</summary>
    public static async Task<ContractTable> ReadBesideAsync(StoreSession session, string[] contracts)
    {
        ArgumentNullException.ThrowIfNull(session);
        return await ReadOfAsync(session, await session.QueryAsync<string>($"select organisation from contract where {session.IsOneOf("id", "contracts")}", new { contracts = session.List(contracts) }));
    }

    private static void CheckReferences(Contract contract, PartyTable parties, IReadOnlyDictionary<string, PriceBook> books)
    {
        var missing = !parties.Organisations.ContainsKey(contract.Organisation) ? $"organisation '{contract.Organisation}'"
            : !parties.Channels.ContainsKey(contract.Channel) ? $"channel '{contract.Channel}'"
            : !books.ContainsKey(contract.PriceBook) ? $"price book '{contract.PriceBook}'" : null;
        if (missing is not null)
        {
            throw Refused(ProblemCode.InvalidRequest, $"Contract '{contract.Id}': there is no {missing}. Declare it.");
        }

        if (!BillingMonth.IsZone(parties.Organisations[contract.Organisation].TimeZone))
        {
            throw Refused(ProblemCode.InvalidRequest, $"Contract '{contract.Id}': the time zone '{parties.Organisations[contract.Organisation].TimeZone}' of organisation "
                + $"'{contract.Organisation}' is not an IANA name, such as Europe/Rome.");
        }

        if (contract.To <= contract.From)
        {
            throw Refused(ProblemCode.InvalidRequest, $"Contract '{contract.Id}' ends before it begins. Give a 'to' after 'from', or none.");
        }
    }

    private static void CheckUnchanged(Contract contract, Contract? before, DateTimeOffset now)
    {
        if (before is not null && before.From <= now && (contract with { To = null, Terms = before.Terms } != before with { To = null } || !IsKept(before.Terms, contract.Terms)))
        {
            throw Refused(ProblemCode.Conflict, $"Contract '{contract.Id}' has begun: usage is charged by it. End it with 'to' and add another contract from then on.");
        }

        // What is over is on documents: whether it was covered may not depend on when somebody said so.
        if (before is not null && before.From <= now && contract.To != before.To && (before.To <= now || contract.To < now))
        {
            throw Refused(ProblemCode.Conflict, before.To <= now
                ? $"Contract '{contract.Id}' has ended: its periods are charged. Leave its 'to' as it is and add another contract."
                : $"Contract '{contract.Id}' would end in the past, where usage is charged by it. Give a 'to' of now or later, and a credit note for what is not to be paid.");
        }
    }

    // What a reseller used for its customer is charged to both at once, or to the reseller alone: it is not gone through again.
    private static async Task CheckResaleAsync(StoreSession session, Contract contract, ContractTable present)
    {
        if (contract.Terms.Seller is not { } seller || present.ById.GetValueOrDefault(contract.Id)?.From == contract.From)
        {
            return;
        }

        string[] bought = [.. present.Contracts.Where(other => other.Organisation == seller && other.Channel == contract.Channel && other.Terms.Seller is null).Select(static other => other.Id)];
        if (await RatedRows.FindLastHourAsync(session, bought) is { } last && StoredTime.FromMicros(last).AddHours(1) is var end && end > contract.From)
        {
            throw Refused(ProblemCode.Conflict, $"Contract '{contract.Id}': what '{seller}' used on channel '{contract.Channel}' is charged up to {InstantText.Format(end)}, without it. Let it begin then, or later.");
        }
    }

    // Credit may be added to a contract that has begun; what it says already stays.
    private static bool IsKept(ContractTerms before, ContractTerms after) =>
        DocumentText.Write(before with { Prepayments = [] }) == DocumentText.Write(after with { Prepayments = [] }) && before.Prepayments.All(after.Prepayments.Contains);

    private static void CheckOverlaps(IReadOnlyList<Contract> contracts)
    {
        foreach (var group in contracts.GroupBy(static contract => (contract.Organisation, contract.Channel, contract.Terms.Seller)))
        {
            var ordered = group.OrderBy(static contract => contract.From).ToArray();
            for (var index = 1; index < ordered.Length; index++)
            {
                var (first, second) = (ordered[index - 1], ordered[index]);
                if (first.Overlaps(second.From, second.To))
                {
                    throw Refused(ProblemCode.Conflict, $"Contracts '{first.Id}' and '{second.Id}' of organisation '{group.Key.Organisation}' on channel "
                        + $"'{group.Key.Channel}' are in force at the same time. End '{first.Id}' where '{second.Id}' begins, or earlier.");
                }
            }
        }
    }

    private static ProblemException Refused(ProblemCode code, string message) => new(new Problem(code, message, "contracts"));

    // Periods must not shift when a customer moves: the zone of the day of the declaration stays.
    private static Contract WithZone(Contract contract, Contract? before, PartyTable parties) => contract.Terms.TimeZone is not null ? contract : contract with
    {
        Terms = contract.Terms with { TimeZone = before?.Terms.TimeZone ?? parties.Organisations.GetValueOrDefault(contract.Organisation)?.TimeZone },
    };

    private static Row ToRow(Contract contract) => new(
        contract.Id, contract.Organisation, contract.Channel, contract.PriceBook, contract.From.ToMicros(), contract.To?.ToMicros(), DocumentText.Write(contract.Terms));

    private sealed record Row(string Id, string Organisation, string Channel, string PriceBook, long From, long? To, string? Terms)
    {
        public Contract ToContract() => new(Id, Organisation, Channel, PriceBook, StoredTime.FromMicros(From), To is { } to ? StoredTime.FromMicros(to) : null)
        {
            Terms = (Terms is null ? null : DocumentText.Read<ContractTerms>(Terms)) ?? ContractTerms.Standard,
        };
    }
}
