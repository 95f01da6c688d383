using System.Text;
using System.Text.Json;
using Dogana.Client;
using Dogana.Notices;
using Dogana.Parties;
using Dogana.Storage;

namespace Dogana.Conduct.Cases;

/// <summary>Tells customer, owner and sellers what happened in a case: each what concerns it, once.</summary>
internal sealed class CaseNotices(PartyTable parties, ConductCase item, Redaction redaction, string? customerHash)
{
    private static readonly CaseEventKind[] ForCustomer =
    [
        CaseEventKind.Held, CaseEventKind.Noticed, CaseEventKind.Extended, CaseEventKind.CureEnded, CaseEventKind.Withdrawn, CaseEventKind.Decided, CaseEventKind.Appealed,
        CaseEventKind.AppealWindowEnded, CaseEventKind.Reinstated, CaseEventKind.Upheld, CaseEventKind.Lifted, CaseEventKind.Closed,
    ];

    private static readonly CaseEventKind[] ForSeller =
    [
        CaseEventKind.Held, CaseEventKind.Noticed, CaseEventKind.Extended, CaseEventKind.Withdrawn, CaseEventKind.Decided, CaseEventKind.Reinstated, CaseEventKind.Upheld, CaseEventKind.Lifted,
    ];

    /// <summary>The channels whose sellers are party to a case: where the customer buys, and the agreement lets the owner's measures reach.</summary>
    public static IReadOnlyList<Channel> ChannelsOf(PartyTable parties, ConductAccount account, DateTimeOffset at) =>
    [
        .. parties.Projects.Values.Where(project => project.Organisation == account.Organisation).Select(project => project.ChannelAt(at)).Distinct(StringComparer.Ordinal)
            .Select(id => parties.Channels[id])
            .Where(channel => channel.Seller != account.Owner && parties.AgreementOn(account.Owner, channel.Id) is { Measures: not MeasureFlow.None })
            .OrderBy(static channel => channel.Id, StringComparer.Ordinal),
    ];

    public Task<int> PostAsync(StoreSession session, IReadOnlyList<CaseEvent> events, DateTimeOffset now) =>
        NoticeOutbox.PostAsync(session, [.. events.SelectMany(happened => Of(happened, now))], now);

    private IEnumerable<Notice> Of(CaseEvent happened, DateTimeOffset now)
    {
        var account = item.Account;
        var told = new Dictionary<string, bool>(StringComparer.Ordinal);
        if (happened.Kind is not (CaseEventKind.SignalAdded or CaseEventKind.Erased or CaseEventKind.Opened or CaseEventKind.Dismissed or CaseEventKind.Closed))
        {
            told[account.Owner] = true;
        }

        if (ForCustomer.Contains(happened.Kind) && parties.Organisations.ContainsKey(account.Party))
        {
            told.TryAdd(account.Party, false);
        }

        if (ForSeller.Contains(happened.Kind))
        {
            foreach (var seller in ChannelsOf(parties, account, now).Select(static channel => channel.Seller).Concat(account.EndCustomer is null ? [] : [account.Organisation]))
            {
                told.TryAdd(seller, false);
            }
        }

        var word = EnumWords.Of(happened.Kind);
        foreach (var (organisation, isOwner) in told)
        {
            var subject = $"Case {item.Id} of {parties.Organisations[account.Owner].Name}: {word.Replace('_', ' ')}";
            yield return new Notice(
                "case." + word, organisation, subject, Body(happened, isOwner),
                JsonSerializer.Serialize(
                    new { Case = item.Id, Organisation = account.Party, account.Owner, State = EnumWords.Of(item.State), item.CureUntil, Outcome = item.Decision is { } made ? EnumWords.Of(made.Outcome) : null, item.Decision?.AppealBy },
                    DoganaJson.Options),
                string.Create(System.Globalization.CultureInfo.InvariantCulture, $"case/{item.Id}/{happened.Sequence}/{organisation}"));
        }
    }

    private string Body(CaseEvent happened, bool isOwner)
    {
        var text = new StringBuilder();
        text.Append(System.Globalization.CultureInfo.InvariantCulture, $"The use of the models of {parties.Organisations[item.Account.Owner].Name} by '{item.Account.Party}', case {item.Id}.\n");
        text.Append(isOwner ? happened.Text : redaction.Of(happened.Text)).Append('\n');
        var statement = happened.Kind switch
        {
            CaseEventKind.Noticed or CaseEventKind.Held => item.Statement,
            CaseEventKind.Decided => item.Decision?.Statement,
            _ => null,
        };
        if (statement is not null)
        {
            text.Append('\n').Append(StatementText.Of(isOwner ? statement : redaction.Of(statement)));
            if (happened.Kind != CaseEventKind.Decided && customerHash is not null && !isOwner)
            {
                text.Append(System.Globalization.CultureInfo.InvariantCulture, $"Evidence: GET /admin/v1/cases/{item.Id}/evidence, SHA-256 {customerHash}\n");
            }
        }

        return text.ToString();
    }
}

/// <summary>A statement of reasons in plain text.</summary>
internal static class StatementText
{
    public static string Of(StatementOfReasons item) => string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $"""
        Facts: {item.Facts}
        Ground: {item.Terms}, {item.Clause}
        Scope: models {string.Join(", ", item.Models)}; channels {string.Join(", ", item.Channels)}
        Duration: {(item.Until is { } until ? $"until {until:u}" : "until it is lifted")}
        Automated means: {(item.IsFoundByAutomation ? "found by a detector; decided by people" : "none")}
        Redress: {item.Redress} Until {item.RedressBy:u}.

        """);
}
