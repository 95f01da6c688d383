using Dogana.Billing;
using Dogana.Client;

namespace Dogana.Settlement;

/// <summary>What a customer paid of an invoice.</summary>
/// <param name="Invoice">The invoice's number.</param>
/// <param name="Reference">Names the payment, unique for the invoice; payments are taken in the order in which they are given.</param>
/// <param name="Amount">Below zero where it was given back.</param>
public sealed record CollectedPayment(string Invoice, string Reference, Money Amount);

/// <summary>What one line of a final document, or one payment of it, adds to the basis of legs.</summary>
/// <param name="Document">The document's number.</param>
/// <param name="DocumentKind"><c>invoice</c> or <c>credit_note</c>.</param>
/// <param name="Month">The document's month.</param>
/// <param name="Part">Empty for the document itself; the payment's reference for what was collected by it.</param>
/// <param name="Line">The line's position, from 1.</param>
/// <param name="Kind">The line's kind.</param>
/// <param name="Model">The line's model, where it has one.</param>
/// <param name="ServiceEnd">The first instant after the line's service period.</param>
/// <param name="Basis">The amount; below zero where something is given back.</param>
/// <param name="IsClawback">Does it take back what an earlier document or payment gave?</param>
public sealed record ShareItem(
    string Document, string DocumentKind, string Month, string Part, int Line, string Kind, string? Model, DateTimeOffset ServiceEnd, Money Basis, bool IsClawback);

/// <summary>An item's share.</summary>
/// <param name="Item">The item.</param>
/// <param name="Share">In whole minor units, in the leg's direction.</param>
public sealed record ShareLine(ShareItem Item, Money Share);

/// <summary>How a leg stands in one currency.</summary>
/// <param name="Basis">All basis so far.</param>
/// <param name="Share">All shares so far, without true-ups.</param>
/// <param name="TrueUps">All true-ups so far.</param>
public sealed record LegPosition(Money Basis, Money Share, Money TrueUps)
{
    /// <summary>The position of a leg that has shared nothing.</summary>
    public static LegPosition Empty(Currency currency) => new(Money.Zero(currency), Money.Zero(currency), Money.Zero(currency));
}

/// <summary>
/// The rule of shares, a pure function. What a leg has given in all is its rates over its cumulative basis, rounded once and capped; a line gets what it adds to
/// that. So neither the size of batches nor their order changes the sum, and what is taken back is given back to the last minor unit.
/// </summary>
public static class ShareRating
{
    private const string Prepayment = "prepayment";

    /// <summary>
    /// What a document adds to a basis, line by line. Prepayments add nothing: the usage that they pay for does. Collected: the part of each line that prepaid credit
    /// paid, then that of each payment; credit notes add nothing, giving money back does.
    /// </summary>
    public static IReadOnlyList<ShareItem> Items(InvoiceDocument document, ShareBasis basis, IReadOnlyList<CollectedPayment> payments)
    {
        ArgumentNullException.ThrowIfNull(document);
        ArgumentNullException.ThrowIfNull(payments);
        var currency = Currency.Of(document.Currency);
        var lines = document.Lines.Where(static line => line.Kind != Prepayment).ToArray();
        return basis switch
        {
            ShareBasis.Gross => [.. lines.Zip(WithTax(lines, currency), (line, amount) => Item(document, line, "", amount))],
            ShareBasis.Collected => document.Corrects is null ? [.. Collected(document, lines, payments, currency)] : [],
            _ => [.. lines.Select(line => Item(document, line, "", Amount(line.Amount, currency)))],
        };
    }

    /// <summary>Is an item in a leg's scope and window?</summary>
    /// <param name="leg">The leg.</param>
    /// <param name="item">The item.</param>
    /// <param name="owners">Model owners by model.</param>
    public static bool Covers(ShareLeg leg, ShareItem item, IReadOnlyDictionary<string, string> owners)
    {
        ArgumentNullException.ThrowIfNull(leg);
        ArgumentNullException.ThrowIfNull(item);
        ArgumentNullException.ThrowIfNull(owners);
        return leg.IsInForce(item.ServiceEnd.AddMicroseconds(-1))
            && (leg.IsForAllModels
                || (item.Model is { } model && (leg.Models.Contains(model, StringComparer.Ordinal) || (leg.Owner is { } owner && owners.GetValueOrDefault(model) == owner))));
    }

    /// <summary>Shares items in their order, on top of what the leg has shared before.</summary>
    public static IReadOnlyList<ShareLine> Rate(ShareLeg leg, LegPosition before, IEnumerable<ShareItem> items)
    {
        ArgumentNullException.ThrowIfNull(leg);
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(items);
        var lines = new List<ShareLine>();
        var (basis, share) = (before.Basis, before.Share);
        foreach (var item in items)
        {
            basis += item.Basis;
            var target = Target(leg, basis, before.TrueUps);
            lines.Add(new ShareLine(item, target - share));
            share = target;
        }

        return lines;
    }

    /// <summary>What a leg has given by shares in all when its basis is this.</summary>
    public static Money Target(ShareLeg leg, Money basis, Money trueUps)
    {
        ArgumentNullException.ThrowIfNull(leg);
        var (exact, start) = (Money.Zero(basis.Currency), Money.Zero(basis.Currency));
        foreach (var tier in leg.Tiers)
        {
            // Below zero, where more was taken back than given, the first rate holds.
            var end = tier.UpTo is { } upTo && upTo < basis ? upTo : basis;
            exact += (end - start).BasisPoints(tier.BasisPoints);
            if (end == basis)
            {
                break;
            }

            start = end;
        }

        var target = exact.Round();
        return leg.Cap is { } cap && target > cap - trueUps ? cap - trueUps : target;
    }

    /// <summary>What the guarantee of a number of periods adds to the shares of these periods; never more than the cap leaves.</summary>
    public static Money TrueUp(ShareLeg leg, LegPosition after, Money shareOfPeriods, int periods)
    {
        ArgumentNullException.ThrowIfNull(leg);
        ArgumentNullException.ThrowIfNull(after);
        var zero = Money.Zero(shareOfPeriods.Currency);
        if (leg.Guarantee is not { } guarantee || periods == 0)
        {
            return zero;
        }

        var missing = guarantee.Amount * periods - shareOfPeriods;
        var room = leg.Cap is { } cap ? cap - after.Share - after.TrueUps : missing;
        var due = missing < room ? missing : room;
        return due > zero ? due : zero;
    }

    // The tax of a category and rate is rounded once for all its lines; each gets what it adds to that.
    private static IEnumerable<Money> WithTax(IReadOnlyList<InvoiceDocumentLine> lines, Currency currency)
    {
        var bases = new Dictionary<(string Category, string Percent), Money>();
        foreach (var line in lines)
        {
            var (key, amount) = ((line.TaxCategory, line.TaxPercent), Amount(line.Amount, currency));
            var before = bases.GetValueOrDefault(key, Money.Zero(currency));
            bases[key] = before + amount;
            yield return amount + Tax(before + amount, line.TaxPercent) - Tax(before, line.TaxPercent);
        }
    }

    private static Money Tax(Money basis, string percent) => new(
        decimal.Round(basis.Amount * Amount(percent, basis.Currency).Amount / 100m, basis.Currency.MinorDigits, MidpointRounding.AwayFromZero), basis.Currency);

    // Line amounts in the proportion of what was collected to the invoice's gross: whole when it is paid whole.
    private static IEnumerable<ShareItem> Collected(
        InvoiceDocument document, IReadOnlyList<InvoiceDocumentLine> lines, IReadOnlyList<CollectedPayment> payments, Currency currency)
    {
        var (gross, prepaid) = (Amount(document.Gross, currency), Amount(document.Prepaid, currency));
        var collected = Money.Zero(currency);
        var parts = payments.Where(payment => payment.Invoice == document.Number && payment.Amount.Currency == currency).Select(static payment => (payment.Reference, payment.Amount));
        foreach (var (part, amount) in prepaid.IsZero && !gross.IsZero ? parts : parts.Prepend(("", gross.IsZero ? gross : prepaid)))
        {
            foreach (var line in lines)
            {
                var basis = Part(line, collected + amount) - (part.Length == 0 ? Money.Zero(currency) : Part(line, collected));
                yield return Item(document, line, part, basis) with { IsClawback = amount.Amount < 0 };
            }

            collected += amount;
        }

        Money Part(InvoiceDocumentLine line, Money sum)
        {
            var whole = Amount(line.Amount, currency);
            return gross.IsZero || sum == gross ? whole : new Money(decimal.Round(whole.Amount * sum.Amount / gross.Amount, Money.Scale, MidpointRounding.ToZero), currency);
        }
    }

    private static ShareItem Item(InvoiceDocument document, InvoiceDocumentLine line, string part, Money basis) => new(
        document.Number, document.Kind, document.Period.Month, part, line.Position, line.Kind, line.Model, line.ServiceEnd, basis,
        document.Corrects is not null || line.Kind == "correction");

    // A document that somebody changed must still be rated, for verification to name it.
    private static Money Amount(string text, Currency currency) => DocumentText.Amount(text, currency) ?? Money.Zero(currency);
}
