using Dogana.Audit;
using Dogana.Authority;
using Dogana.Billing.Papers;
using Dogana.Notices;
using Dogana.Parties;
using Dogana.Storage;

namespace Dogana.Billing;

/// <summary>Sends final documents to their customers, as notices: each once, and again when somebody asks for it.</summary>
public static class InvoiceSending
{
    /// <summary>The notices' topic of invoices.</summary>
    public const string InvoiceTopic = "invoice.issued";

    /// <summary>The notices' topic of credit notes.</summary>
    public const string CreditNoteTopic = "credit_note.issued";

    // Who sends what is due: nobody asked for it.
    private const string Itself = "dogana";

    private const int BatchSize = 500;
    private const string NoAddress = "its organisation has no invoice_email any more";

    /// <summary>What the notice target is called that an organisation's <c>invoice_email</c> makes.</summary>
    public static string TargetOf(string organisation) => organisation + ".invoices";

    /// <summary>
    /// Makes a notice target of each organisation's <see cref="Organisation.InvoiceEmail"/>: it hears of invoices, reminders and credit notes. Where the address is gone
    /// nothing is sent to it any more.
    /// </summary>
    /// <exception cref="ProblemException">A target of another organisation has the name.</exception>
    public static async Task<IReadOnlyList<Change>> DeclareTargetsAsync(StoreSession session, IReadOnlyList<Organisation> organisations, string actor, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(organisations);
        NoticeTarget[] wanted =
        [
            .. from organisation in organisations
               let address = organisation.InvoiceEmail
               where address is not null
               select new NoticeTarget(TargetOf(organisation.Id), organisation.Id, NoticeTargetKind.Email, address, ["invoice.*", "credit_note.*"]),
        ];
        var changes = (await NoticeTargets.DeclareAsync(session, wanted, actor, now)).ToList();
        foreach (var organisation in organisations)
        {
            if ((await NoticeTargets.FindAsync(session, TargetOf(organisation.Id))).TryGet(out var target, out _) && target.Target.Organisation == organisation.Id
                && (organisation.InvoiceEmail is null ? target.DisabledBecause is null : target.DisabledBecause == NoAddress))
            {
                var changed = organisation.InvoiceEmail is null
                    ? await NoticeTargets.DisableAsync(session, target.Target.Id, NoAddress, actor, now)
                    : await NoticeTargets.EnableAsync(session, target.Target.Id, actor, now);
                changes.Add(new Change(ChangeKind.Updated, "notice_target", changed.Value.Target.Id));
            }
        }

        return changes;
    }

    /// <summary>Posts the notices of documents that were issued and not sent yet, each once, whoever asks how often.</summary>
    /// <returns>The number of documents.</returns>
    public static async Task<int> PostDueAsync(StoreSession session, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(session);
        var (count, after) = (0, "");
        while (true)
        {
            var due = await session.QueryAsync<string>(
                """
                select number from invoice where number > @after and not exists (select 1 from document_sending where document = number) order by number limit @BatchSize
                """, new { after, BatchSize });
            count += await PostAsync(session, due, attempt: 1, Itself, now);
            if (due.Count < BatchSize)
            {
                return count;
            }

            after = due[^1];
        }
    }

    /// <summary>Sends a document once more.</summary>
    /// <returns>How many times it was sent, this one included.</returns>
    public static async Task<Outcome<int>> SendAgainAsync(StoreSession session, string number, Reach reach, string actor, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(reach);
        if (await Invoices.FindAsync(session, number) is not { } invoice || !reach.Has(invoice.Organisation, invoice.Channel))
        {
            return new Problem(ProblemCode.NotFound, $"There is no invoice '{number}'.", "number");
        }

        var attempt = 1 + (int)await session.ScalarAsync<long>("select count(*) from document_sending where document = @number", new { number });
        await PostAsync(session, [number], attempt, actor, now);
        await AuditLog.WriteAsync(session, now, actor, "invoice.send", number);
        return attempt;
    }

    // A document that cannot be read is left for verification to name: it must not keep the others from being sent.
    private static async Task<int> PostAsync(StoreSession session, IReadOnlyList<string> numbers, int attempt, string actor, DateTimeOffset now)
    {
        var notices = new List<(string Number, Notice Notice)>();
        foreach (var number in numbers)
        {
            if (InvoiceNotice.Of((await Invoices.FindAsync(session, number))!, attempt) is { } notice)
            {
                notices.Add((number, notice));
            }
        }

        await NoticeOutbox.PostAsync(session, [.. notices.Select(static item => item.Notice)], now);
        await session.InsertAsync(
            "document_sending", ["document", "attempt", "posted_at", "actor"], notices, item => [item.Number, (long)attempt, now.ToMicros(), actor]);
        return notices.Count;
    }
}
