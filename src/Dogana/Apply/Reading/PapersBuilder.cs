using Dogana.Billing;
using Dogana.Parties;

namespace Dogana.Apply.Reading;

/// <summary>Makes tax rules, addresses and dunning policies of what was read.</summary>
internal static class PapersBuilder
{
    public static Organisation Addressed(Organisation organisation, ReadItem item) => organisation with
    {
        TaxId = item.FindText("tax_id"),
        Street = item.FindText("street"),
        PostalCode = item.FindText("postal_code"),
        City = item.FindText("city"),
        InvoiceEmail = item.FindText("invoice_email"),
    };

    public static TaxRule TaxRule(ReadItem item, FaultCollector faults)
    {
        var rule = new TaxRule(item.Get<string>("id"), item.Get<string>("seller_country"), item.Get<string>("category"), item.Get<DateTimeOffset>("from"))
        {
            CustomerCountry = item.Get<string>("customer_country") is var country && country == "*" ? null : country,
            CustomerHasTaxId = item.Find<bool>("customer_has_tax_id"),
            Percent = item.Find<decimal>("percent") ?? 0m,
            Reason = item.FindText("reason"),
        };
        if (rule.Category == TaxCategory.Standard && rule.Percent == 0m)
        {
            faults.Add(item.PlaceOf("percent"), "The standard rate is above 0.", "Write the rate, or the category Z.");
        }

        if (rule.Category == TaxCategory.ReverseCharge && rule.CustomerHasTaxId != true)
        {
            faults.Add(item.PlaceOf("customer_has_tax_id"), "Only a customer with a tax_id can owe the tax itself (EN 16931, BR-AE-02).", "Write 'customer_has_tax_id: true', and another rule for the others.");
        }

        return rule;
    }

    public static DunningPolicy DunningPolicy(ReadItem item) => new(
        item.Get<string>("seller"),
        [.. item.Items("steps").Where(static step => step.IsWhole).Select(static step => new DunningStep((int)step.Get<long>("after_days"), step.Get<string>("text")))
            .OrderBy(static step => step.AfterDays)]);
}
