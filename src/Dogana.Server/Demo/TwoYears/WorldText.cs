using System.Globalization;
using System.Text;

namespace Dogana.Server.Demo.TwoYears;

/// <summary>The world file of a plan, the same to the letter for the same plan.</summary>
internal sealed class WorldText
{
    // For customers in euro, who pay so many cents for a dollar of the list.
    private const decimal EuroCents = 92m;

    private static readonly string[] EuroCountries = ["DE", "FR", "IT", "NL"];

    private readonly Plan _plan;
    private readonly Population _population;
    private readonly StringBuilder _text = new();

    // One of the larger customers of the cloud.
    private string Minority => _population.Companies[10].Id;

    private WorldText(Plan plan, Population population) => (_plan, _population) = (plan, population);

    /// <summary>The file.</summary>
    public static string Of(Plan plan, Population population)
    {
        var text = new WorldText(plan, population);
        text.WriteHead();
        text.WriteOrganisations();
        text.WriteChannels();
        text.WriteOwnership();
        text.WriteCatalogue();
        text.WritePrices();
        text.WriteContracts();
        text.WriteShares();
        text.WriteTaxes();
        return text._text.ToString();
    }

    /// <summary>What is declared when the customer moves to the other channel.</summary>
    public static string Move(Plan plan) => $$"""
        dogana: 1
        projects:
          - { id: {{Population.Mover}}, organisation: {{Population.Mover}}, channel: direct, moves: [{ channel: cloud, at: {{Instant(plan.ChannelMove)}} }] }
        """;

    /// <summary>What is declared when the owner suspends the family.</summary>
    public static string Suspension(Plan plan) => $$"""
        dogana: 1
        measures:
          - { id: northwind-lumen, organisation: lumen-labs, owner: northwind, level: suspend, from: {{Instant(plan.Suspension)}}, reason: "Outputs were used to develop a competing model.", proposed_by: conduct@northwind.example, approved_by: counsel@northwind.example }
        """;

    /// <summary>An instant as a world file has it.</summary>
    public static string Instant(DateTimeOffset at) =>
        at.ToUniversalTime() is { TimeOfDay.Ticks: 0 } day ? day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    private void WriteHead() => Lines($"""
        # Two years of a cloud that sells other companies' models: {_plan.CustomerCount} customers, two channels, one corporate family that comes to a quarter of the cloud's revenue.
        #
        # Written by 'dogana demo two-years --world' from seed {_plan.Seed}; docs/operate/sample-two-years.md says what happens in it. 'dogana demo two-years --data DIR' sells, bills and settles it,
        # {_plan.Months[0]} to {_plan.Months[^1]}. All companies, models and prices are made up.
        # yaml-language-server: $schema=../docs/operate/world.schema.json

        dogana: 1
        """);

    private void WriteOrganisations()
    {
        Lines("""

            organisations:
              - { id: northwind, name: "Northwind Models, Inc.", country: US, time_zone: America/New_York } # trains models and sells them itself
              - { id: boreal, name: "Boreal Language Models SAS", country: FR, time_zone: Europe/Paris, tax_id: FR40303265045 } # trains models; the cloud sells them
              - { id: skyharbour, name: "Skyharbour Cloud Corp.", country: US, time_zone: America/Los_Angeles } # sells both owners' models in its own name
              - { id: lumen-group, name: "Lumen Group Holdings Pte. Ltd.", country: SG, time_zone: Asia/Singapore } # the head of the family; buys nothing itself
            """);
        foreach (var company in _population.Companies)
        {
            Line($"  - {{ id: {company.Id}, name: \"{company.Name}\", country: {company.Country}, time_zone: {company.Zone}{(company.TaxId is { } id ? $", tax_id: {id}" : "")} }}");
        }
    }

    private void WriteChannels()
    {
        Lines("""

            channels:
              - { id: direct, name: Northwind direct, kind: direct, seller: northwind }
              - { id: cloud, name: Skyharbour cloud, kind: reseller, seller: skyharbour }

            # What northwind decides about a customer holds on the cloud only if the cloud adopts it; what boreal decides always does.
            agreements:
              - { id: northwind-cloud, owner: northwind, channel: cloud, measures: none }
              - { id: boreal-cloud, owner: boreal, channel: cloud, measures: binding }

            projects:
            """);
        foreach (var customer in _population.Customers.DistinctBy(static customer => customer.Project, StringComparer.Ordinal))
        {
            Line($"  - {{ id: {customer.Project}, organisation: {customer.Organisation}, channel: {customer.Channel} }}");
        }
    }

    private void WriteOwnership() => Lines($$"""

        # Who stands behind whom. More than half of the votes, or control by contract, makes a family; {{Minority}}, of which the group holds 30 %, is none of it.
        ownership_parties:
          - { id: lumen-founder, name: Founder of the Lumen group, kind: person, country: SG }
        ownership:
          - { id: o1, subject: lumen-group, interested_party: lumen-founder, interest: voting_rights, share: 22, source: register of members }
          - { id: o2, subject: lumen-media, interested_party: lumen-group, interest: shareholding, share: 100, source: register of members }
          - { id: o3, subject: lumen-play, interested_party: lumen-media, interest: voting_rights, share: 60, source: annual report }
          - { id: o4, subject: lumen-labs, interested_party: lumen-group, interest: control, source: consolidated accounts }
          - { id: o5, subject: lumen-commerce, interested_party: lumen-media, interest: shareholding, share: 31, source: annual report }
          - { id: o6, subject: lumen-commerce, interested_party: lumen-play, interest: shareholding, share: 22, source: annual report }
          - { id: o7, subject: {{Minority}}, interested_party: lumen-group, interest: shareholding, share: 30, source: press release }
        control_rules:
          - { id: majority, threshold: 50, inclusive: false, aggregate: true, chain: cascade, unknown: review, links: [control] }
        """);

    private void WriteCatalogue()
    {
        Lines("""

            # Called by the embedded model, so that a server over this store answers.
            upstreams:
              - { id: embedded, kind: embedded }
            models:
            """);
        foreach (var model in SampleModel.All)
        {
            Line($"  - {{ id: {model.Id}, owner: {model.Owner}, kind: chat, context_tokens: 512, max_output_tokens: 256 }}");
        }

        Line("deployments:");
        foreach (var model in SampleModel.All)
        {
            Line($"  - {{ name: {model.Id}, model: {model.Id}, upstream: embedded, upstream_model: clerk-1, default_output_cap: 128 }}");
        }

        Line("markets:");
        foreach (var country in _population.Companies.Select(static company => company.Country).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            Line($"  - {{ country: {country}, models: [\"*\"], channels: [\"*\"] }}");
        }
    }

    private void WritePrices()
    {
        Lines($"""

            # Everything became cheaper at {Instant(_plan.PriceCut)}.
            price_books:
            """);
        WriteBook("list-usd", "Northwind list prices", "USD", 100m, direct: true);
        WriteBook("list-eur", "Northwind list prices in euro", "EUR", EuroCents, direct: true);
        WriteBook("cloud-usd", "Skyharbour list prices", "USD", 100m, direct: false);
        Lines("""

            # Made up.
            exchange_rates:
            """);
        var cents = Seeded.Of(_plan.Seed, "euro");
        foreach (var month in _plan.Months)
        {
            Line($"  - {{ base: EUR, quote: USD, from: {Instant(month.Start("Etc/UTC"))}, rate: \"1.0{cents.Below(100):00}\", source: made up }}");
        }
    }

    private void WriteBook(string id, string name, string currency, decimal cents, bool direct)
    {
        Line($"  - id: {id}\n    name: {name}\n    currency: {currency}\n    versions:");
        foreach (var isCut in new[] { false, true })
        {
            Line($"      - effective_from: {Instant(isCut ? _plan.PriceCut : _plan.Start)}\n        prices:");
            foreach (var model in SampleModel.All.Where(model => !direct || model.Owner == "northwind"))
            {
                var (input, output) = isCut ? (model.InputAfter, model.OutputAfter) : (model.Input, model.Output);
                Line($"          - {{ model: {model.Id}, meter: input_tokens, amount: \"{Amount(input * cents / 100)}\", per: 1000000 }}");
                Line($"          - {{ model: {model.Id}, meter: output_tokens, amount: \"{Amount(output * cents / 100)}\", per: 1000000 }}");
            }
        }
    }

    private void WriteContracts()
    {
        Line("\ncontracts:");
        var companies = _population.Companies.ToDictionary(static company => company.Id, StringComparer.Ordinal);
        foreach (var customer in _population.Customers)
        {
            var company = companies[customer.Organisation];
            var book = customer.Channel == "cloud" ? "cloud-usd" : EuroCountries.Contains(company.Country, StringComparer.Ordinal) ? "list-eur" : "list-usd";
            var from = customer.Since ?? _plan.Months[customer.First].Start(customer.RenewedTerms is null ? company.Zone : Population.FamilyZone);
            var until = customer.RenewedTerms is null ? (customer.IsSuspended ? null : customer.Until) : _plan.Renewal;
            WriteContract($"{customer.Organisation}-{customer.Channel}", customer, book, from, until, customer.Terms);
            if (customer.RenewedTerms is { } renewed)
            {
                WriteContract($"{customer.Organisation}-{customer.Channel}-2", customer, book, _plan.Renewal, null, renewed);
            }
        }
    }

    private void WriteContract(string id, Customer customer, string book, DateTimeOffset from, DateTimeOffset? to, string terms) => Line(
        $"  - {{ id: {id}, organisation: {customer.Organisation}, channel: {customer.Channel}, price_book: {book}, from: {Instant(from)}{(to is { } end ? $", to: {Instant(end)}" : "")}{(terms.Length > 0 ? ", " + terms : "")} }}");

    private void WriteShares() => Lines($"""

        # Both ways: the cloud owes the owners a share of what it sells of theirs, northwind owes the cloud a share of what it sells itself, and the rent of its servers, of which less was asked later.
        share_agreements:
          - id: northwind-skyharbour
            legs:
              - {"{"} id: on-cloud, payer: skyharbour, payee: northwind, channel: cloud, owner: northwind, percent: "20", from: {Instant(_plan.Start)} {"}"}
              - {"{"} id: on-direct, payer: northwind, payee: skyharbour, channel: direct, percent: "20", from: {Instant(_plan.Start)} {"}"}
          - id: boreal-skyharbour
            legs:
              - {"{"} id: on-cloud, payer: skyharbour, payee: boreal, channel: cloud, owner: boreal, percent: "70", from: {Instant(_plan.Start)} {"}"}
        rent_agreements:
          - id: servers
            lessor: skyharbour
            lessee: northwind
            currency: USD
            from: {Instant(_plan.Months[0].Start("Etc/UTC"))}
            versions:
              - {"{"} from: {Instant(_plan.Months[0].Start("Etc/UTC"))}, month: 3000000 {"}"}
              - {"{"} from: {Instant(_plan.PriceCut)}, month: 2400000 {"}"}
        """);

    private void WriteTaxes() => Lines($"""

        tax_rules:
          - {"{"} id: us-home, seller_country: US, customer_country: US, category: O, reason: Not subject to tax., from: {Instant(_plan.Start)} {"}"}
          - {"{"} id: us-abroad, seller_country: US, customer_country: "*", category: G, reason: Export of services., from: {Instant(_plan.Start)} {"}"}
        dunning:
          - seller: skyharbour
            steps: [{"{"} after_days: 7, text: Please pay this invoice. {"}"}, {"{"} after_days: 30, text: This invoice is long overdue. {"}"}]
        """);

    private static string Amount(decimal amount) => amount.ToString("0.00####", CultureInfo.InvariantCulture);

    private void Lines(string lines) => Line(lines);

    private void Line(string line) => _text.Append(line).Append('\n');
}
