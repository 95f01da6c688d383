using System.Globalization;
using Dogana.Audit;
using Dogana.Authority;
using Dogana.Storage;

namespace Dogana.Billing;

/// <summary>What customers dispute of their invoices, and how it was decided.</summary>
public static class Disputes
{
    private const string Columns = """
        d.number as Number, d.invoice as Invoice, d.line as Line, d.reason as Reason, i.currency as Currency, d.micro as Micro, d.pico as Pico, d.state as State, d.opened_at as OpenedAt,
        d.opened_by as OpenedBy, d.resolved_at as ResolvedAt, d.resolved_by as ResolvedBy, d.resolution as Resolution, d.credit_note as CreditNote
        """;

    /// <summary>Opens a dispute about an invoice of which something is open, or about a line of it; one at a time for each.</summary>
    public static async Task<Outcome<Dispute>> OpenAsync(StoreSession session, string invoice, int? line, string reason, Reach reach, string actor, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(session);
        if (await Receivables.FindAsync(session, invoice, reach, now) is not { } receivable)
        {
            return new Problem(ProblemCode.NotFound, $"There is no invoice '{invoice}'.", "number");
        }

        if (FindTextFault(reason, "reason") is { } fault)
        {
            return fault;
        }

        var open = (await ReadAsync(session, "d.invoice = @invoice and d.state = 'Open'", new { invoice })).ToArray();
        if (open.FirstOrDefault(item => item.Line is null || line is null || item.Line == line) is { } same)
        {
            return new Problem(ProblemCode.Conflict, $"A dispute about {NameOf(same)} is open since {PartOfDay(same.OpenedAt)}: wait until it is decided.", "line");
        }

        var amount = receivable.Open - receivable.Disputed;
        if (line is { } position)
        {
            if ((await Invoices.FindAsync(session, invoice))!.Document.Lines.FirstOrDefault(item => item.Position == position) is not { } found)
            {
                return new Problem(ProblemCode.NotFound, $"Invoice '{invoice}' has no line {position.ToString(CultureInfo.InvariantCulture)}.", "line");
            }

            var net = DocumentText.Amount(found.Amount, amount.Currency)!.Value;
            var gross = net + TaxTotals.On(net, found.TaxPercent);
            amount = gross < amount ? gross : amount;
        }

        if (amount.Amount <= 0m)
        {
            return new Problem(ProblemCode.Conflict, $"Nothing that could be disputed is open of {(line is null ? "" : "this line of ")}invoice '{invoice}'.", "number");
        }

        var dispute = new Dispute(await session.NextAsync("dispute"), invoice, line, reason, amount, DisputeState.Open, now, actor);
        await session.ExecuteAsync(
            """
            insert into dispute(number, invoice, line, reason, micro, pico, state, opened_at, opened_by) values(@Number, @Invoice, @Line, @Reason, @Micro, @Pico, @State, @OpenedAt, @OpenedBy)
            """,
            new { dispute.Number, dispute.Invoice, Line = (long?)line, dispute.Reason, amount.Micro, amount.Pico, State = nameof(DisputeState.Open), OpenedAt = now.ToMicros(), dispute.OpenedBy });
        await AuditLog.WriteAsync(session, now, actor, "dispute.open", invoice, $"{NameOf(dispute)}: {reason}");
        return dispute;
    }

    /// <summary>Decides a dispute: with an amount, which is given back by a credit note, or without one, which leaves the invoice as it is.</summary>
    /// <param name="session">The transaction.</param>
    /// <param name="invoice">The invoice.</param>
    /// <param name="line">The line that the dispute is about; null for one about the whole invoice.</param>
    /// <param name="accepted">What is given back, without tax; null to reject it.</param>
    /// <param name="text">What is said to it.</param>
    /// <param name="actor">Who decides.</param>
    /// <param name="now">Now.</param>
    public static async Task<Outcome<Dispute>> ResolveAsync(
        StoreSession session, string invoice, int? line, decimal? accepted, string text, string actor, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(session);
        var dispute = (await ReadAsync(session, "d.invoice = @invoice and d.state = 'Open'", new { invoice })).FirstOrDefault(item => item.Line == line);
        if (dispute is null)
        {
            return new Problem(ProblemCode.NotFound, $"No dispute about {(line is { } position ? string.Create(CultureInfo.InvariantCulture, $"line {position} of ") : "")}invoice '{invoice}' is open. 'dogana invoice disputes' shows them.", "number");
        }

        if (FindTextFault(text, "text") is { } fault)
        {
            return fault;
        }

        string? note = null;
        if (accepted is { } amount)
        {
            var request = new CreditRequest(text) { Line = dispute.Line, Amount = amount };
            if (!(await CreditNotes.IssueAsync(session, invoice, request, Reach.All, actor, now)).TryGet(out var issued, out var problem))
            {
                return problem;
            }

            note = issued.Number;
        }

        var decided = dispute with
        {
            State = accepted is null ? DisputeState.Rejected : DisputeState.Accepted, ResolvedAt = now, ResolvedBy = actor, Resolution = text, CreditNote = note,
        };
        await session.ExecuteAsync(
            "update dispute set state = @State, resolved_at = @At, resolved_by = @actor, resolution = @text, credit_note = @note where number = @Number",
            new { State = decided.State.ToString(), At = now.ToMicros(), actor, text, note, dispute.Number });
        await AuditLog.WriteAsync(session, now, actor, "dispute.resolve", invoice, $"{EnumWords.Of(decided.State)}{(note is null ? "" : $", {note}")}: {text}");
        return decided;
    }

    /// <summary>At most <paramref name="limit"/> disputes after a number, by number; of an invoice, where one is given.</summary>
    public static Task<IReadOnlyList<Dispute>> ListAsync(StoreSession session, string? invoice, long after, int limit, Reach reach)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(reach);
        return ReadAsync(
            session, $"d.number > @after {(invoice is null ? "" : "and d.invoice = @invoice")} and {reach.Condition(session, "i.organisation", "i.channel")}",
            new { invoice, after, limit, Organisations = reach.Organisations(session), Channels = reach.Channels(session) }, "limit @limit");
    }

    private static async Task<IReadOnlyList<Dispute>> ReadAsync(StoreSession session, string condition, object parameters, string end = "")
    {
        var rows = await session.QueryAsync<Row>($"select {Columns} from dispute d join invoice i on i.number = d.invoice where {condition} order by d.number {end}", parameters);
        return [.. rows.Select(static row => row.ToDispute())];
    }

    private static string NameOf(Dispute dispute) =>
        dispute.Line is { } line ? string.Create(CultureInfo.InvariantCulture, $"line {line} of invoice {dispute.Invoice}") : $"invoice {dispute.Invoice}";

    private static string PartOfDay(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static Problem? FindTextFault(string text, string field) => text is not { Length: > 0 and <= 500 } || text.Any(char.IsControl)
        ? new Problem(ProblemCode.InvalidRequest, $"Write a {field} of 1 to 500 characters on one line.", field)
        : null;

    private sealed record Row(
        long Number, string Invoice, long? Line, string Reason, string Currency, long Micro, long Pico, string State, long OpenedAt, string OpenedBy, long? ResolvedAt, string? ResolvedBy,
        string? Resolution, string? CreditNote)
    {
        public Dispute ToDispute() => new(
            Number, Invoice, (int?)Line, Reason, Money.FromParts(Micro, Pico, Dogana.Currency.Of(Currency)), Enum.Parse<DisputeState>(State), StoredTime.FromMicros(OpenedAt), OpenedBy)
        {
            ResolvedAt = ResolvedAt is { } at ? StoredTime.FromMicros(at) : null,
            ResolvedBy = ResolvedBy,
            Resolution = Resolution,
            CreditNote = CreditNote,
        };
    }
}
