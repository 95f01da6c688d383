using System.Diagnostics;
using System.Globalization;
using Dogana.Apply;

namespace Dogana.Tests.Apply;

public sealed class WorldFileTests
{
    // A change to the sample; the text whose line is at fault; path, message and remedy (the beginnings of both).
    public static TheoryData<string, string, string, string, string, string> Faulty { get; } = new()
    {
        // Keys.
        { "    country: FR\n    time_zone", "    contry: FR\n    time_zone", "contry: FR", "organisations[2].contry", "An organisation has no key 'contry'.", "Did you mean 'country'?" },
        { "\nmarkets:", "\nmarket:", "market:", "market", "A world has no key 'market'.", "Did you mean 'markets'?" },
        { "    country: DE\n    time_zone", "    time_zone", "id: skyharbour #", "organisations[1].country", "An organisation needs the key 'country'.", "Add it." },
        { "    kind: reseller\n", "    kind: reseller\n    kind: direct\n", "kind: direct\n    seller: skyharbour", "channels[1].kind", "The key 'kind' is on line", "Keep one" },
        { "    max_output_tokens: 256\n", "", "id: clerk-1\n    owner", "models[0].max_output_tokens", "A model of the kind chat needs the key", "Add it." },
        { "    kind: embedded\n", "    kind: openai_compatible\n", "id: embedded", "upstreams[0].base_url", "An upstream of the kind openai_compatible needs", "Add it." },
        { "    kind: embedded\n", "    kind: embedded\n    base_url: http://h/v1\n", "base_url: http://h/v1", "upstreams[0].base_url", "An upstream of the kind embedded has no", "Delete the key" },

        { "    kind: embedded\n", "    kind: embedded\n    operations: [responses]\n", "operations: [responses]", "upstreams[0].operations", "An upstream of the kind embedded has no", "Delete the key" },
        { "    kind: embedded\n", "    kind: openai\n    operations: [response]\n", "operations: [response]", "upstreams[0].operations[0]", "'response' is none of the choices.", "Did you mean 'responses'?" },
        { "    kind: embedded\n", "    kind: openai\n    operations: [responses, responses]\n", "operations: [resp", "upstreams[0].operations[1]", "'responses' is in this list already", "Keep one." },
        { "    kind: embedded\n", "    kind: openai\n    operations: []\n", "operations: []", "upstreams[0].operations", "The list has 0 entries", "Write 1 to" },
        { "    kind: embedded\n", "    kind: openai\n    operations: [messages]\n", "operations: [messages]", "upstreams[0].operations", "OpenAI's and Azure's services have no messages.", "Take messages out" },

        // Types.
        { "name: Acme Retail SA", "name: 42", "name: 42", "organisations[2].name", "This is a number", "Put it in quotes." },
        { "name: Acme Retail SA", "name: true", "name: true", "organisations[2].name", "This is true or false", "Put it in quotes." },
        { "name: Acme Retail SA", "name:", "    name:\n    country: FR", "organisations[2].name", "This is nothing", "Give it a value" },
        { "name: Acme Retail SA", "name: [Acme]", "name: [Acme]", "organisations[2].name", "There is a list where a single value", "Write one value" },
        { "name: Acme Retail SA", "name: |\n      Acme\n      Retail", "name: |", "organisations[2].name", "'Acme�Retail�' goes over several lines", "Write 1 to 200" },
        { "models: [clerk-1]", "models: clerk-1", "models: clerk-1", "markets[3].models", "There is a single value where a list", "Write a list" },
        { "context_tokens: 512", "context_tokens: 5e2", "context_tokens: 5e2", "models[0].context_tokens", "'5e2' is not a whole number", "Write digits only" },
        { "context_tokens: 512", "context_tokens: \"512\"", "context_tokens: \"512\"", "models[0].context_tokens", "'512' is not a whole number", "Write digits only, without quotes" },
        { "percent: \"20\"", "percent: 20.125", "percent: 20.125", "share_agreements[0].percent", "'20.125' is not a decimal number", "Write 0 to 100 with at most 2 digits" },
        { "percent: \"20\"", "percent: 100.01", "percent: 100.01", "share_agreements[0].percent", "'100.01' is not a decimal number", "Write 0 to 100" },
        { "percent: \"20\"", "percent: 0.00", "percent: 0.00", "share_agreements[0].percent", "A share of nothing", "Write 0.01" },
        { "amount: \"0.44\"", "amount: -0.44", "amount: -0.44", "price_books[1].versions[1].prices[3].amount", "'-0.44' is not a decimal", "Write 0 to 1000000000" },
        { "amount: \"0.44\"", "amount: 4.4e-1", "amount: 4.4e-1", "price_books[1].versions[1].prices[3].amount", "'4.4e-1' is not a decimal", "Write 0 to" },
        { "amount: \"0.44\", per: 1000", "amount: 1, per: 3", "amount: 1, per: 3", "price_books[1].versions[1].prices[3].amount", "1 per 3 gives no exact price", "Choose a per" },
        { "effective_from: 2026-06-01 #", "effective_from: 2026-06-31 #", "2026-06-31", "price_books[0].versions[1].effective_from", "'2026-06-31' is not a date", "Write 2026-01-31" },
        { "effective_from: 2026-06-01 #", "effective_from: 2026-06-01T00:00:00+02:00 #", "+02:00", "price_books[0].versions[1].effective_from", "'2026-06-01T00:00:00+02:00' is not", "Write" },

        // Words and ids.
        { "id: acme-retail", "id: Acme_Retail", "id: Acme_Retail", "organisations[2].id", "'Acme_Retail' is not written as it must be", "Lower-case letters" },
        { "id: acme-retail", "id: acme-", "id: acme-\n", "organisations[2].id", "'acme-' is not written", "Lower-case letters" },
        { "name: use-lite", "name: use/lite", "name: use/lite", "deployments[1].name", "'use/lite' is not written", "Letters, digits" },
        { "country: FR\n    time_zone", "country: fr\n    time_zone", "country: fr", "organisations[2].country", "'fr' is not written", "Write two capital letters" },
        { "time_zone: Europe/Paris", "time_zone: Europe/Pariss", "Europe/Pariss", "organisations[2].time_zone", "'Europe/Pariss' is not a time zone", "Did you mean 'Europe/Paris'?" },
        { "currency: EUR", "currency: EUX", "currency: EUX", "price_books[1].currency", "'EUX' is not a currency", "Write a code" },
        { "kind: reseller", "kind: reseler", "kind: reseler", "channels[1].kind", "'reseler' is none of the choices", "Did you mean 'reseller'? Write direct or reseller." },
        { "measures: binding", "measures: nine", "measures: nine", "agreements[0].measures", "'nine' is none", "Did you mean 'none'?" },
        { "kind: embedding", "kind: video", "kind: video", "models[1].kind", "'video' is none", "Write chat or embedding or image or transcription or speech." },
        { "clerk-1, meter: output_tokens, amount: \"6.00\"", "clerk-1, meter: Output-Tokens, amount: \"6.00\"", "Output-Tokens,", "price_books[0].versions[1].prices[2].meter", "'Output-Tokens' is not written as it must be", "Small letters" },

        // What stands twice.
        { "id: lumen-media #", "id: acme-retail #", "id: acme-retail #", "organisations[4].id", "There is an organisation with the id acme-retail on line", "Keep one" },
        { "id: lumen-lab\n", "id: lumen-app\n", "id: lumen-app\n    organisation: lumen-media\n    channel: direct", "projects[2].id", "There is a project with the id lumen-app", "Keep one" },
        { "name: use-lite\n", "name: clerk-1\n", "name: clerk-1\n    model: use-lite", "deployments[1].name", "There is a deployment with the name clerk-1", "Keep one" },
        { "country: DE\n    models", "country: FR\n    models", "country: FR\n    models: [\"*\"]\n    channels: [\"*\"]\n  - country: SG", "markets[1].country", "There is a market with the country FR", "Keep one" },
        { "effective_from: 2026-06-01 #", "effective_from: 2025-01-01T00:00:00Z #", "2025-01-01T00:00:00Z", "price_books[0].versions[1].effective_from", "There is a price book version with", "Keep one" },
        { "meter: cached_input_tokens, amount: \"1.10\", per: 1000 }\n          - { model: clerk-1, meter: output_tokens, amount: \"6.60\"", "meter: input_tokens, amount: \"1.10\", per: 1000 }\n          - { model: clerk-1, meter: output_tokens, amount: \"6.60\"", "meter: input_tokens, amount: \"1.10\"", "price_books[1].versions[1].prices[1].meter", "There is a price with the model and meter clerk-1, input_tokens on line", "Keep one" },
        { "models: [clerk-1, use-lite]", "models: [clerk-1, clerk-1]", "[clerk-1, clerk-1]", "markets[2].models[1]", "'clerk-1' is in this list already", "Keep one." },
        { "models: [clerk-1, use-lite]", "models: [clerk-1, \"*\"]", "[clerk-1, \"*\"]", "markets[2].models", "'*' stands for all", "Write [\"*\"] alone" },
        { "models: [clerk-1, use-lite]", "models: []", "models: []", "markets[2].models", "The list has 0 entries", "Write 1 to" },

        // What does not go together.
        { "time_zone: Asia/Singapore\n  - id: lumen-media", "time_zone: Asia/Singapore\n    parent: lumen-media\n  - id: lumen-media", "parent: lumen-media", "organisations[3].parent", "The ownership runs in a circle: lumen-group → lumen-media → lumen-group.", "Leave out" },
        { "context_tokens: 512", "context_tokens: 255", "max_output_tokens: 256", "models[0].max_output_tokens", "max_output_tokens is above context_tokens, 255", "Prompt and output" },
        { "context_tokens: 128", "context_tokens: 128\n    max_output_tokens: 1", "max_output_tokens: 1\n", "models[1].max_output_tokens", "An embedding model generates no tokens", "Delete" },
        { "payee: northwind", "payee: skyharbour", "payee: skyharbour", "share_agreements[0].payee", "'skyharbour' would owe a share to itself", "Name two" },
        { "percent: \"20\"\n    from: 2025-01-01", "percent: \"20\"\n    from: 2025-01-01\n    to: 2025-01-01", "to: 2025-01-01", "share_agreements[0].to", "It ends before it begins", "Write a 'to'" },

        { "id: lumen-lab\n", "id: lumen-lab\n    response_cache_seconds: 60\n", "response_cache_seconds", "projects[2].response_cache_seconds", "A response cache keeps answers, and this project keeps no text.", "Write 'store_answers: true' too" },
        { "id: lumen-lab\n", "id: lumen-lab\n    store_answers: true\n    response_cache_seconds: 2592001\n", "response_cache_seconds", "projects[2].response_cache_seconds", "'2592001' is not", "Write" },

        // YAML that a world file has not.
        { "\nagreements:\n  - id", "\nagreements:\n  - &a\n    id", "- &a", "agreements[0]", "'&a' names a part", "Delete it" },
        { "country: FR\n    time_zone", "country: *a\n    time_zone", "country: *a", "organisations[2].country", "'*a' repeats another part", "Write it out" },
        { "country: FR\n    time_zone", "country: !!str FR\n    time_zone", "country: !!str", "organisations[2].country", "There is a tag", "Delete it" },
        { "  - id: acme-retail", "\t- id: acme-retail", "\t- id", "", "There is a tab in the indentation", "Indent by spaces" },
        { "name: Acme Retail SA", "name: Acme\u0000Retail", "Acme\u0000", "", "There is a character U+0000", "Save the file as UTF-8" },
        { "dogana: 1 #", "dogana: 2 #", "dogana: 2", "dogana", "'2' is no version of this format", "Write 'dogana: 1'" },
        { "dogana: 1 #", "#", "#\n# Who there is", "dogana", "A world needs the key 'dogana'", "Add it." },
    };

    [Theory]
    [MemberData(nameof(Faulty))]
    public void A_fault_has_its_line_path_and_remedy(string old, string replacement, string at, string path, string message, string remedy)
    {
        var yaml = OpeningDay.With(old, replacement);
        if (message.StartsWith("A world needs", StringComparison.Ordinal))
        {
            at = "organisations:"; // the whole file begins at its first key
        }

        var fault = WorldFile.Parse(yaml, "my world.yaml").Faults.ShouldHaveSingleItem();

        fault.Path.ShouldBe(path);
        fault.Message.ShouldStartWith(message);
        fault.Remedy.ShouldStartWith(remedy);
        fault.Line.ShouldBe(OpeningDay.LineOf(yaml, at), fault.ToString());
        fault.ToString().ShouldStartWith(string.Create(CultureInfo.InvariantCulture, $"my world.yaml:{fault.Line}:{fault.Column}: "));
    }

    [Fact]
    public void All_faults_are_found_at_once_in_the_order_of_the_file()
    {
        var faults = WorldFile.Parse("""
            dogana: 1
            organisations:
              - { id: a, name: A, country: xx, time_zone: Mars/Olympus }
              - id: b
                nam: B
            upstreams:
              - { id: u, kind: openai_compatible, base_url: "ftp://h/v1" }
            price_books: none
            """, "w.yaml").Faults;

        faults.Select(fault => (fault.Line, fault.Column, fault.Path)).ShouldBe(
        [
            (3, 32, "organisations[0].country"), (3, 47, "organisations[0].time_zone"),
            (4, 5, "organisations[1].country"), (4, 5, "organisations[1].time_zone"), (5, 5, "organisations[1].nam"),
            (7, 49, "upstreams[0].base_url"), (8, 14, "price_books"),
        ]);
    }

    [Theory]
    [InlineData("https://user:hunter2@h/v1")]
    [InlineData("https://h/v1?key=hunter2")]
    [InlineData("hunter2")]
    public void What_may_be_a_secret_is_never_repeated(string url)
    {
        var yaml = $"dogana: 1\nupstreams: [{{ id: u, kind: openai_compatible, base_url: \"{url}\", secret_env: sk-hunter2 }}]";

        var faults = WorldFile.Parse(yaml, "w.yaml").Faults;

        faults.Select(fault => fault.Path).ShouldBe(["upstreams[0].base_url", "upstreams[0].secret_env"]);
        faults.ShouldAllBe(fault => !fault.ToString().Contains("hunter2", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("0.15", "0.15")]
    [InlineData("\"0.15\"", "0.15")]
    [InlineData("0.000000000001", "0.000000000001")]
    [InlineData("999999999.999999999999", "999999999.999999999999")]
    public void Amounts_are_read_digit_by_digit(string written, string exact)
    {
        var yaml = OpeningDay.With("amount: \"0.44\", per: 1000", $"amount: {written}, per: 1");

        var price = WorldFile.Parse(yaml, "w.yaml").Value.Books[1].Value.Versions[1].Value.Prices[3];

        price.Amount.ToString(CultureInfo.InvariantCulture).ShouldBe(exact);
    }

    [Fact]
    public void Percentages_become_basis_points_exactly()
    {
        foreach (var (written, points) in new[] { ("20", 2_000), ("\"12.34\"", 1_234), ("0.01", 1), ("100", 10_000), ("19.99", 1_999) })
        {
            WorldFile.Parse(OpeningDay.With("percent: \"20\"", $"percent: {written}"), "w.yaml").Value.Shares[0].Value.Legs[0].Tiers[0].BasisPoints.ShouldBe(points);
        }
    }

    [Theory]
    [InlineData("", "The file is empty.")]
    [InlineData("# only a comment\n", "The file is empty.")]
    [InlineData("just text", "There is a single value where the keys of a world must be.")]
    [InlineData("[1, 2]", "There is a list where")]
    [InlineData("dogana: 1\n---\ndogana: 1\n", "A second document begins here.")]
    [InlineData("dogana: 1\nmodels: [", "This is not YAML")]
    [InlineData("dogana: 1\nmodels: ]", "This is not YAML")]
    [InlineData("dogana: 1\n'models: x", "This is not YAML")]
    [InlineData("dogana: 1\n? [a, b]\n: c", "A key is not a plain word.")]
    [InlineData("{", "This is not YAML")]
    public void What_is_no_world_is_a_fault_and_never_an_exception(string yaml, string message)
    {
        var faults = WorldFile.Parse(yaml, "w.yaml").Faults;
        faults[0].Message.ShouldStartWith(message);
        faults[0].Line.ShouldBeGreaterThan(0);
        faults[0].Remedy.ShouldNotBeEmpty();
    }

    [Fact]
    public void Hostile_files_are_refused_quickly()
    {
        var clock = Stopwatch.StartNew();
        var deep = new string('[', 100_000);
        var laughs = "dogana: 1\na: &a [x, x]\n" + string.Concat(Enumerable.Range(0, 30).Select(i => $"b{i}: &b{i} [*a, *a, *a]\n"));
        var large = new string(' ', WorldFile.BytesMax) + "\n";
        var many = "dogana: 1\n" + string.Concat(Enumerable.Range(0, 50_000).Select(i => $"key{i}: 1\n"));

        WorldFile.Parse(deep, "w.yaml").Faults.ShouldHaveSingleItem().Message.ShouldStartWith("The file is nested deeper than 16 levels.");
        WorldFile.Parse(laughs, "w.yaml").Faults.ShouldContain(fault => fault.Message == "'&a' names a part of the file.");
        WorldFile.Parse(large, "w.yaml").Faults.ShouldHaveSingleItem().Message.ShouldBe("The file is larger than 4 MiB.");
        var listed = WorldFile.Parse(many, "w.yaml").Faults;
        listed.Count.ShouldBe(101);
        listed[^1].Message.ShouldStartWith("There are more than 100 faults");
        clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public void No_change_to_the_sample_makes_the_reader_throw()
    {
        // Behind 4545 the parser's events end early.
        foreach (var seed in Enumerable.Range(0, 300).Append(4_545))
        {
            var yaml = OpeningDay.Mutate(OpeningDay.Text, new Random(seed));

            var outcome = Should.NotThrow(() => WorldFile.Parse(yaml, "w.yaml"), $"seed {seed}");

            var lines = yaml.Count(static c => c == '\n') + yaml.Count(static c => c == '\r') + 2;
            outcome.TryGet(out _).ShouldBe(outcome.Faults.Count == 0);
            outcome.Faults.ShouldAllBe(fault => fault.Line >= 1 && fault.Line <= lines && fault.Column >= 1 && fault.Message.Length > 0 && fault.Remedy.Length > 0);
        }
    }
}
