using System.Globalization;
using Dogana.Parties;
using Dogana.Rating;

namespace Dogana.Billing;

/// <summary>What a contract may say. Every refusal names the contract, the field and the remedy.</summary>
internal static class ContractTermsRules
{
    private static readonly int[] PeriodMonths = [1, 2, 3, 4, 6, 12];

    public static void Check(Contract contract, PartyTable parties, IReadOnlyDictionary<string, PriceBook> books)
    {
        var terms = contract.Terms;
        var currency = Currency.Of(books[contract.PriceBook].Currency);
        void Refuse(bool isWrong, string message)
        {
            if (isWrong)
            {
                throw new ProblemException(new Problem(ProblemCode.InvalidRequest, $"Contract '{contract.Id}': {message}", "contracts"));
            }
        }

        void CheckAmount(string what, decimal amount) => Refuse(
            amount <= 0 || amount > 1_000_000_000_000m || decimal.Round(amount, currency.MinorDigits) != amount,
            string.Create(CultureInfo.InvariantCulture, $"{what} is {amount} {currency.Code}; it must be above 0 and in whole minor units, at most 1000000000000."));

        void CheckIds(string what, IEnumerable<string> ids)
        {
            var seen = new HashSet<string>(StringComparer.Ordinal);
            foreach (var id in ids)
            {
                Refuse(!seen.Add(id), $"{what} '{id}' is there twice. Give each an id of its own.");
            }
        }

        Refuse(!BillingMonth.IsZone(terms.TimeZone ?? "Etc/UTC"), $"the time zone '{terms.TimeZone}' is not an IANA name, such as Europe/Rome.");
        Refuse(!PeriodMonths.Contains(terms.PeriodMonths), $"a billing period of {terms.PeriodMonths} months is not one of 1, 2, 3, 4, 6 and 12.");
        Refuse(terms.PaymentDays is < 0 or > 365, $"payment_days is {terms.PaymentDays}; it must be 0 to 365.");
        Refuse(terms.TermMonths is < 0 or > 120, $"term_months is {terms.TermMonths}; it must be 1 to 120, or left out.");
        Refuse(
            terms.Overrides is { } overrides && (!books.TryGetValue(overrides, out var book) || book.Currency != currency.Code || overrides == contract.PriceBook),
            $"overrides '{terms.Overrides}' is not another price book in {currency.Code}.");
        Refuse(terms.Seller is { } seller && (!parties.Organisations.ContainsKey(seller) || seller == contract.Organisation), $"there is no other organisation '{terms.Seller}' that could sell. Declare it.");

        Refuse(terms.BillingCurrency is { } billed && Currency.Find(billed) is null, $"billing_currency '{terms.BillingCurrency}' is no currency that Dogana knows. Write a code of ISO 4217, or leave it out.");
        Refuse(
            terms.BillingCurrency is { } other && other != currency.Code && terms.Prepayments.Count > 0,
            $"it has prepayments in {currency.Code} and billing_currency {terms.BillingCurrency}; credit is bought and used in one currency. Sell the credit by a contract whose price book is in {terms.BillingCurrency}, or leave billing_currency out.");

        CheckIds("the fee", terms.Fees.Select(static fee => fee.Id));
        CheckIds("the discount", terms.Discounts.Select(static discount => discount.Id));
        CheckIds("the minimum", terms.Minimums.Select(static minimum => minimum.Id));
        CheckIds("the prepayment", terms.Prepayments.Select(static prepayment => prepayment.Id));
        foreach (var fee in terms.Fees)
        {
            CheckAmount($"the fee '{fee.Id}'", fee.Amount);
        }

        foreach (var minimum in terms.Minimums)
        {
            CheckAmount($"the minimum '{minimum.Id}'", minimum.Amount);
            Refuse(minimum.Cadence == MinimumCadence.Term && terms.TermMonths == 0, $"the minimum '{minimum.Id}' is for the term, and there is no term_months.");
        }

        Refuse(terms.Minimums.GroupBy(static minimum => minimum.Cadence).Any(static group => group.Count() > 1), "there are two minimums of one cadence. Keep one.");
        foreach (var discount in terms.Discounts)
        {
            Refuse(discount.BasisPoints is < 1 or > 10_000, $"the discount '{discount.Id}' is not 0.01 to 100 per cent.");
        }

        Refuse(terms.Discounts.Sum(static discount => discount.BasisPoints) > 10_000, "the discounts add up to more than 100 per cent.");
        foreach (var prepayment in terms.Prepayments)
        {
            CheckAmount($"the prepayment '{prepayment.Id}'", prepayment.Amount);
            Refuse(prepayment.Expires <= prepayment.From, $"the prepayment '{prepayment.Id}' ends before it begins.");
            Refuse(prepayment.Priority is < 0 or > 1_000, $"the prepayment '{prepayment.Id}' has the priority {prepayment.Priority}; it must be 0 to 1000.");
            Refuse(!contract.IsInForce(prepayment.From), $"the prepayment '{prepayment.Id}' begins when the contract is not in force.");
        }
    }
}
