using Dogana.Billing;
using Dogana.Client;
using Dogana.Settlement.Statements;
using Dogana.Storage;

namespace Dogana.Settlement;

/// <summary>The final partner statements.</summary>
public static class PartnerStatements
{
    /// <summary>All statements, or a month's, by the two companies and number.</summary>
    public static async Task<IReadOnlyList<PartnerStatement>> ListAsync(StoreSession session, BillingMonth? month = null)
    {
        ArgumentNullException.ThrowIfNull(session);
        var rows = month is { } wanted ? await StatementRows.ReadMonthAsync(session, wanted) : await StatementRows.ReadAsync(session);
        return [.. rows.Select(static row => row.ToStatement())];
    }

    /// <summary>The statement with this number, or null.</summary>
    public static async Task<PartnerStatement?> FindAsync(StoreSession session, string number)
    {
        ArgumentNullException.ThrowIfNull(session);
        return (await StatementRows.FindAsync(session, number))?.ToStatement();
    }

    /// <summary>The document, as one of the two companies sees it: what it is owed is above zero. As stored when no company is given.</summary>
    /// <exception cref="InvalidOperationException">The stored document is not a statement: the store was tampered with.</exception>
    public static StatementDocument View(PartnerStatement statement, string? party)
    {
        ArgumentNullException.ThrowIfNull(statement);
        var document = DocumentText.Read<StatementDocument>(statement.Json)
            ?? throw new InvalidOperationException($"The stored document of statement {statement.Number} cannot be read. Run verify.");
        return party is null ? document : StatementView.Of(document, party);
    }

    /// <summary>The statement as a page that prints well and needs nothing but itself.</summary>
    /// <exception cref="InvalidOperationException">The stored document is not a statement: the store was tampered with.</exception>
    public static string ToHtml(PartnerStatement statement, string? party = null)
    {
        ArgumentNullException.ThrowIfNull(statement);
        return StatementPage.Render(View(statement, party), statement.Hash);
    }
}
