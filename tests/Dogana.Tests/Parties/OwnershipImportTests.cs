using System.Text;
using Dogana.Client;
using Dogana.Parties;
using Dogana.Parties.Ownership.Import;
using Dogana.Storage;
using Dogana.Tests.Apply;
using Dogana.Tests.Storage;

namespace Dogana.Tests.Parties;

public sealed class OwnershipImportTests(StoreFixture stores)
{
    private const string AcmeLei = "529900T8BM49AURSDO55", ParentLei = "5493001KJTIIGC8Y1R12", GrandLei = "HWUPKR0MPOU8FGXBT394", StrangerLei = "213800QILIUD4ROSUO03";

    private static string Bods => Sample("bods-0.4.json");

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Statements_of_BODS_are_taken_in_once(StoreKind kind)
    {
        await using var store = await OpenAsync(kind);

        var first = await ImportAsync(store, OwnershipFormat.Bods, Bods);

        first.Parties.ShouldBe(new ImportCounts(3, 0, 0), "the holding, Jane and the trust; Acme is an organisation by its LEI, its shop by its id");
        first.Statements.ShouldBe(new ImportCounts(6, 0, 0));
        first.Skipped.ShouldBe(
        [
            new ImportSkip("a later statement in the file is about the same record", 1),
            new ImportSkip("an indirect interest: chains are computed from the direct ones", 1),
            new ImportSkip("an office, not an interest: who manages does not own", 1),
        ]);
        var parties = await store.ReadAsync(PartyRegister.ReadAsync);
        parties.OwnershipParties.Select(item => (item.Id, item.Name, item.Kind, item.Country)).ShouldBe(
        [
            ("bods-holding", "Acme Holding BV", OwnershipPartyKind.Entity, "NL"), ("bods-jane", "Jane Doe", OwnershipPartyKind.Person, "FR"),
            ("bods-trust", "The Trust", OwnershipPartyKind.Entity, null),
        ], ignoreOrder: true);
        parties.Ownership.Statements.Select(item => $"{item.InterestedParty ?? "?"} {item.Interest} {item.Share.Min}-{item.Share.Max} of {item.Subject} {item.From:yyyy-MM-dd} {item.To:yyyy-MM-dd}").ShouldBe(
        [
            "bods-holding Shareholding 600000-600000 of acme 2020-01-01 ", "bods-holding VotingRights 500001-750000 of acme 2020-01-01 ",
            "bods-jane Shareholding 333333-333334 of bods-holding  ", "bods-trust Control 1000000-1000000 of bods-holding 2019-05-01 2025-06-30",
            "? Shareholding 0-1000000 of bods-holding  ", "acme Shareholding 750000-999999 of acme-shop  ",
        ], ignoreOrder: true);

        var (version, dump) = (await store.ReadConfigurationVersionAsync(), await store.DumpAsync());
        var again = await ImportAsync(store, OwnershipFormat.Bods, Bods);
        (again.Parties, again.Statements).ShouldBe((new ImportCounts(0, 0, 3), new ImportCounts(0, 0, 6)));
        (await store.ReadConfigurationVersionAsync()).ShouldBe(version);
        (await store.DumpAsync()).ShouldBe(dump);
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task What_a_record_no_longer_states_ends_and_a_dry_run_changes_nothing(StoreKind kind)
    {
        await using var store = await OpenAsync(kind);
        await ImportAsync(store, OwnershipFormat.Bods, Bods);
        var dump = await store.DumpAsync();
        const string parties = """
            {"statementId":"1","recordId":"acme-lei","recordType":"entity","recordStatus":"new","recordDetails":{"identifiers":[{"scheme":"XI-LEI","id":"529900T8BM49AURSDO55"}]}}
            {"statementId":"2","recordId":"holding","recordType":"entity","recordStatus":"new","recordDetails":{"name":"Acme Holding BV","jurisdiction":{"name":"Netherlands","code":"NL"}}}
            """;
        var lines = parties + "\n" + """
            {"statementId":"3","statementDate":"2026-02-03","recordId":"rel-acme","recordType":"relationship","recordStatus":"updated","recordDetails":{"subject":"acme-lei","interestedParty":"holding","interests":[{"type":"shareholding","directOrIndirect":"direct","share":{"exact":45},"startDate":"2026-02-03"}]}}
            """;

        (await ImportAsync(store, OwnershipFormat.Bods, lines, dryRun: true)).Statements.ShouldBe(new ImportCounts(0, 2, 0));
        (await store.DumpAsync()).ShouldBe(dump);
        (await ImportAsync(store, OwnershipFormat.Bods, lines)).Statements.ShouldBe(new ImportCounts(0, 2, 0), "the share changed, the votes ended");
        (await ImportAsync(store, OwnershipFormat.Bods, lines)).Statements.ShouldBe(new ImportCounts(0, 0, 2));

        var votes = (await store.ReadAsync(PartyRegister.ReadAsync)).Ownership.Statements.Single(item => item is { Interest: InterestKind.VotingRights, Subject: "acme" });
        votes.To.ShouldBe(new DateTimeOffset(2026, 2, 3, 0, 0, 0, TimeSpan.Zero));
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task GLEIFs_parents_are_taken_in_as_far_as_they_are_connected(StoreKind kind)
    {
        await using var store = await OpenAsync(kind);
        var csv = Sample("gleif-rr.csv");

        var first = await ImportAsync(store, OwnershipFormat.Gleif, csv);

        first.Parties.ShouldBe(new ImportCounts(2, 0, 0));
        first.Statements.ShouldBe(new ImportCounts(3, 0, 0));
        first.Skipped.ShouldBe([new ImportSkip("a relation of funds: managing one is not controlling it", 1), new ImportSkip("not connected with an organisation that has a LEI", 1)]);
        var again = await ImportAsync(store, OwnershipFormat.Gleif, csv);
        (again.Parties, again.Statements).ShouldBe((new ImportCounts(0, 0, 2), new ImportCounts(0, 0, 3)));

        var names = await ImportAsync(store, OwnershipFormat.GleifNames, Sample("gleif-lei2.csv"));
        names.Parties.ShouldBe(new ImportCounts(0, 2, 0));
        (await ImportAsync(store, OwnershipFormat.Gleif, csv)).Parties.ShouldBe(new ImportCounts(0, 0, 2), "names stay");
        var parties = await store.ReadAsync(PartyRegister.ReadAsync);
        parties.OwnershipParties.Select(item => (item.Name, item.Country, item.Lei)).ShouldBe([("Parent, \"Inc.\"", "US", ParentLei), ("Grand SE", "DE", GrandLei)], ignoreOrder: true);
        var view = parties.Ownership.At(OpeningDay.Now);
        view.AffiliatesOf("acme", ControlRule.Default).Keys.Order(StringComparer.Ordinal).ShouldBe(["acme", "lei-" + ParentLei.ToLowerInvariant(), "lei-" + GrandLei.ToLowerInvariant()], ignoreOrder: true);
        parties.Ownership.At(new DateTimeOffset(2019, 1, 1, 0, 0, 0, TimeSpan.Zero)).Statements.Count.ShouldBe(1, "the others began in 2020");
    }

    [Fact]
    public async Task A_party_that_becomes_an_organisation_keeps_its_statements()
    {
        await using var store = await OpenAsync(StoreKind.Sqlite);
        await ImportAsync(store, OwnershipFormat.Gleif, Sample("gleif-rr.csv"));

        await store.ApplyAsync($"dogana: 1\norganisations: [{{ id: parent-inc, name: Parent, country: US, time_zone: America/New_York, lei: {ParentLei} }}]");

        (await store.ReadAsync(PartyRegister.ReadAsync)).Ownership.At(OpeningDay.Now).AffiliatesOf("parent-inc", ControlRule.Default).ContainsKey("acme").ShouldBeTrue();
    }

    [Theory]
    [InlineData("")]
    [InlineData(", lei: " + StrangerLei)]
    public async Task An_organisation_keeps_its_LEI_while_statements_are_about_it_by_that_alone(string lei)
    {
        await using var store = await stores.OpenAsync(StoreKind.Sqlite);
        string Parent(string with) => $"dogana: 1\norganisations: [{{ id: parent-inc, name: Parent, country: US, time_zone: America/New_York{with} }}]\n";
        await store.ApplyAsync($"dogana: 1\norganisations: [{{ id: grand, name: Grand, country: DE, time_zone: Europe/Berlin, lei: {GrandLei} }}]");
        await ImportAsync(store, OwnershipFormat.Gleif, Sample("gleif-rr.csv"));
        (await store.ApplyAsync(Parent($", lei: {ParentLei}"))).TryGet(out _).ShouldBeTrue();
        var ids = (await store.ReadAsync(PartyRegister.ReadAsync)).Ownership.Statements.Where(item => item.Subject == "parent-inc" || item.InterestedParty == "parent-inc").ToList();

        var fault = (await store.ApplyAsync(Parent(lei))).Faults.ShouldHaveSingleItem();

        fault.Path.ShouldBe("organisations[0].lei");
        fault.Message.ShouldContain(ids[0].Id);
        var anew = "ownership:\n" + string.Join('\n', ids.Select(static item =>
            $"  - {{ id: {item.Id}, subject: {item.Subject}, interested_party: {item.InterestedParty}, interest: control, source: by hand }}"));
        (await store.ApplyAsync(Parent(lei) + anew)).TryGet(out _).ShouldBeTrue();
        (await store.ReadAsync(PartyRegister.ReadAsync)).Ownership.Statements.Count(item => item.Subject == "parent-inc" || item.InterestedParty == "parent-inc").ShouldBe(ids.Count);
    }

    [Theory]
    [InlineData(OwnershipFormat.Bods, "[{\"recordId\": ", "not valid JSON")]
    [InlineData(OwnershipFormat.Bods, "", null)]
    [InlineData(OwnershipFormat.Gleif, "a,b\n1,2\n", "lacks a column")]
    [InlineData(OwnershipFormat.GleifNames, "", "lacks a column")]
    public async Task What_is_no_such_file_is_a_problem_that_names_the_remedy(OwnershipFormat format, string text, string? message)
    {
        await using var store = await OpenAsync(StoreKind.Sqlite);
        using var body = new MemoryStream(Encoding.UTF8.GetBytes(text));

        var imported = await OwnershipImport.RunAsync(store, format, body, OpeningDay.Now, "tester", dryRun: false);

        (imported.Problem?.Message.Contains(message ?? "?", StringComparison.Ordinal) ?? message is null).ShouldBeTrue(imported.Problem?.Message);
    }

    [Theory]
    [InlineData("name", "\\ud800", "")]
    [InlineData("name", "x\\udc00", "")]
    [InlineData("name", "a\u00FFb", "latin")]
    [InlineData("\\ud800", "x", "")]
    public async Task A_text_that_is_not_Unicode_is_a_problem_that_names_its_place(string name, string value, string encoding)
    {
        await using var store = await OpenAsync(StoreKind.Sqlite);
        var text = $$"""
            [{"recordId":"a","recordType":"entity","recordDetails":{"name":"fine \u00e9 \ud83d\ude00"} },
             {"recordId":"b","recordType":"entity","recordDetails":{"{{name}}":"{{value}}"} }]
            """;
        using var body = new MemoryStream(encoding == "latin" ? Encoding.Latin1.GetBytes(text) : Encoding.UTF8.GetBytes(text));

        var problem = (await OwnershipImport.RunAsync(store, OwnershipFormat.Bods, body, OpeningDay.Now, "tester", dryRun: false)).Problem!;

        problem.Code.ShouldBe(ProblemCode.InvalidJson);
        problem.Message.ShouldContain("2. statement");
        problem.Message.ShouldContain($"byte {(name == "name" ? 62 : 55)}:");
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Texts_that_the_store_cannot_keep_as_they_are_are_cut(StoreKind kind)
    {
        await using var store = await OpenAsync(kind);
        var text = $$"""
            {"recordId":"a","recordType":"entity","recordDetails":{"name":"{{new string('x', 199)}}\ud83d\ude00"} }
            {"recordId":"b\u0000c","recordType":"entity","recordDetails":{} }
            """;

        (await ImportAsync(store, OwnershipFormat.Bods, text)).Parties.Created.ShouldBe(2);

        (await store.ReadAsync(PartyRegister.ReadAsync)).OwnershipParties.Select(item => item.Name).ShouldBe([new string('x', 199), "b c"], ignoreOrder: true);
        (await ImportAsync(store, OwnershipFormat.Bods, text)).Parties.Unchanged.ShouldBe(2);
    }

    [Fact]
    public async Task A_full_disk_is_a_problem_that_can_pass()
    {
        if (File.Exists("/dev/full"))
        {
            await using var file = new ScratchFile(new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0));

            var refused = await Should.ThrowAsync<ProblemException>(file.WriteAsync(new byte[1], CancellationToken.None));

            ProblemTable.Of(refused.Problem.Code).Status.ShouldBe(503);
            refused.Problem.Message.ShouldContain("temporary folder");
        }
    }

    [Fact]
    public async Task A_dry_run_counts_what_an_import_changes_also_where_a_party_or_record_comes_twice()
    {
        await using var store = await OpenAsync(StoreKind.Sqlite);
        var rows = Enumerable.Range(0, 1_300).Select(number => $"\"{number % 600:00000000000000000000}\",\"{AcmeLei}\",\"IS_DIRECTLY_CONSOLIDATED_BY\",\"ACTIVE\"");
        var csv = "\"Relationship.StartNode.NodeID\",\"Relationship.EndNode.NodeID\",\"Relationship.RelationshipType\",\"Relationship.RelationshipStatus\"\n" + string.Join('\n', rows);

        var tried = await ImportAsync(store, OwnershipFormat.Gleif, csv, dryRun: true);
        var imported = await ImportAsync(store, OwnershipFormat.Gleif, csv);

        (tried.Parties, tried.Statements).ShouldBe((new ImportCounts(600, 0, 0), new ImportCounts(600, 0, 0)));
        (imported with { DryRun = true, Skipped = tried.Skipped }).ShouldBe(tried);
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_file_is_read_while_others_write_and_read_anew_where_they_declared_its_parties(StoreKind kind)
    {
        await using var store = await OpenAsync(kind);
        var (isWriting, mayEnd) = (new TaskCompletionSource(), new TaskCompletionSource());
        var writing = store.WriteAsync(async session =>
        {
            isWriting.SetResult();
            await mayEnd.Task;
            return await PartyRegister.DeclareAsync(session, [new Organisation("parent-inc", "Parent", "US", "America/New_York", null) { Lei = ParentLei }], [], [], []);
        });
        await isWriting.Task;

        var import = ImportAsync(store, OwnershipFormat.Gleif, Sample("gleif-rr.csv"));
        using var broken = new MemoryStream("[{\"recordId\": "u8.ToArray());
        var limit = TimeSpan.FromSeconds(60); // it would wait for ever
        (await OwnershipImport.RunAsync(store, OwnershipFormat.Bods, broken, OpeningDay.Now, "tester", dryRun: false).WaitAsync(limit)).Problem!.Code.ShouldBe(ProblemCode.InvalidJson);
        (await ImportAsync(store, OwnershipFormat.Bods, Bods, dryRun: true).WaitAsync(limit)).Statements.Created.ShouldBe(6);
        mayEnd.SetResult();
        await writing;

        (await import).Parties.Created.ShouldBe(1, "the parent is an organisation since the file was read first");
        (await store.ReadAsync(session => session.QueryAsync<string>("select distinct subject from ownership_statement union select interested_party from ownership_statement order by 1")))
            .ShouldBe(["acme", "lei-" + GrandLei.ToLowerInvariant(), "parent-inc"], ignoreOrder: true);
    }

    private static string Sample(string name) => File.ReadAllText(Path.Combine(Repository.Root, "tests", "Dogana.Tests", "Parties", "Samples", name))
        .Replace("ACME-LEI", AcmeLei, StringComparison.Ordinal).Replace("PARENT-LEI", ParentLei, StringComparison.Ordinal)
        .Replace("GRAND-LEI", GrandLei, StringComparison.Ordinal).Replace("STRANGER-LEI", StrangerLei, StringComparison.Ordinal);

    private static async Task<OwnershipImportReport> ImportAsync(Store store, OwnershipFormat format, string text, bool dryRun = false)
    {
        using var body = new MemoryStream(Encoding.UTF8.GetBytes(text));
        return (await OwnershipImport.RunAsync(store, format, body, OpeningDay.Now, "tester", dryRun)).Value;
    }

    private async Task<Store> OpenAsync(StoreKind kind)
    {
        var store = await stores.OpenAsync(kind);
        (await store.ApplyAsync($$"""
            dogana: 1
            organisations:
              - { id: acme, name: Acme, country: FR, time_zone: Europe/Paris, lei: {{AcmeLei}} }
              - { id: acme-shop, name: Acme Shop, country: FR, time_zone: Europe/Paris }
            """)).TryGet(out _).ShouldBeTrue();
        return store;
    }
}
