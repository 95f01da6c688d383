using Dogana.Filtering;
using Dogana.Tests.Storage;

namespace Dogana.Tests.Filtering;

/// <summary>Policies as they are declared, kept and joined.</summary>
public sealed class FilterPolicyTests(StoreFixture stores)
{
    private static readonly FilterPolicy House = new("house", FilterMode.Buffered, FilterFailure.Closed)
    {
        AnnotatesAlways = true,
        Provider = "theirs",
        Rules = [new(FilterCategory.Hate, FilterSource.Prompt, FilterSeverity.Medium, true), new(FilterCategory.Hate, FilterSource.Completion, FilterSeverity.Low, false)],
        BlockLists = [new("names", FilterSource.Prompt, true), new("names", FilterSource.Completion, false)],
    };

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task What_is_declared_is_kept_and_declared_again_changes_nothing(StoreKind kind)
    {
        await using var store = await stores.OpenAsync(kind);
        var declared = new FilterDeclarations([House], [new BlockList("names", ["Falcon", "it's \"so\""], ["(?i)x+"])], [new FilterProvider("theirs", "http://there/classify", "KEY", TimeSpan.FromSeconds(2))]);

        (await store.WriteAsync(session => FilterPolicies.DeclareAsync(session, declared))).ShouldAllBe(static change => change.Kind == ChangeKind.Created);
        var version = await store.ReadConfigurationVersionAsync();
        var again = await store.WriteAsync(session => FilterPolicies.DeclareAsync(session, declared with { Policies = [House with { Rules = [.. House.Rules.Reverse()] }] }));

        again.ShouldAllBe(static change => change.Kind == ChangeKind.Unchanged);
        (await store.ReadConfigurationVersionAsync()).ShouldBe(version);
        System.Text.Json.JsonSerializer.Serialize(await store.ReadAsync(FilterPolicies.ReadAsync)).ShouldBe(System.Text.Json.JsonSerializer.Serialize(declared));

        var less = House with { Rules = [House.Rules[0] with { Threshold = FilterSeverity.High }], BlockLists = [] };
        (await store.WriteAsync(session => FilterPolicies.DeclareAsync(session, new FilterDeclarations([less], [], [])))).ShouldHaveSingleItem().Kind.ShouldBe(ChangeKind.Updated);
        var kept = (await store.ReadAsync(FilterPolicies.ReadAsync)).Policies.ShouldHaveSingleItem();
        kept.Rules.ShouldBe(less.Rules);
        kept.BlockLists.ShouldBeEmpty();
        (await store.ReadConfigurationVersionAsync()).ShouldBeGreaterThan(version);
    }

    [Fact]
    public void Of_two_policies_the_stricter_counts()
    {
        var mild = new FilterPolicy("mild", FilterMode.Asynchronous, FilterFailure.Open)
        {
            Rules = [new(FilterCategory.Hate, FilterSource.Prompt, FilterSeverity.High, true), new(FilterCategory.Violence, FilterSource.Prompt, FilterSeverity.Low, false)],
        };
        var table = FilterTable.Of(new FilterDeclarations([House, mild], [], []));

        table.Find(null, null).ShouldBeNull();
        table.Find("gone", null).ShouldBeNull();
        table.Find("mild", "mild").ShouldBeSameAs(table.Find("mild", "mild"));
        var both = table.Find("mild", "house")!;
        (both.Name, both.IsBuffered, both.FailsClosed, both.AnnotatesAlways).ShouldBe(("mild+house", true, true, true));
        (table.Find("mild", null)!.IsBuffered, table.Find("mild", null)!.FailsClosed).ShouldBe((false, false));

        both.Judge(FilterSource.Prompt, new FilterSeverities(FilterSeverity.Medium, FilterSeverity.High, FilterSeverity.High, FilterSeverity.Safe)).ShouldBe(
            [new(FilterCategory.Hate, FilterSeverity.Medium, true, true), new(FilterCategory.Violence, FilterSeverity.High, true, false)]);
        both.Judge(FilterSource.Completion, new FilterSeverities(FilterSeverity.High, default, default, default)).ShouldBe([new(FilterCategory.Hate, FilterSeverity.High, true, false)]);
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Counts_are_added_by_hour_and_no_more_is_kept(StoreKind kind)
    {
        await using var store = await stores.OpenAsync(kind);
        var (one, two) = (new FilterCounts(), new FilterCounts()); // two nodes
        var at = new DateTimeOffset(2026, 1, 31, 12, 59, 59, TimeSpan.Zero);
        var of = new FilterCount("shop", "house", FilterSource.Prompt, "hate", FilterSeverity.Medium, true);
        one.Add(of, at);
        one.Add(of, at);
        two.Add(of, at.AddMinutes(-3));
        two.Add(of, at.AddSeconds(1));
        two.Add(of with { Project = "lab" }, at);
        await one.KeepAsync(store, at);
        await two.KeepAsync(store, at);
        await two.KeepAsync(store, at);

        (await store.ReadAsync(session => FilterCounts.ListAsync(session, "shop", "house", null, null))).ShouldBe(
            [new KeptFilterCount(at.AddSeconds(1), of, 1), new KeptFilterCount(at.AddSeconds(-3_599), of, 3)]);
        (await store.ReadAsync(session => FilterCounts.ListAsync(session, null, null, at, null))).ShouldHaveSingleItem();

        one.Add(of, at);
        await one.KeepAsync(store, at + FilterCounts.KeptFor);
        (await store.ReadAsync(session => FilterCounts.ListAsync(session, null, null, null, null))).ShouldHaveSingleItem().Hour.ShouldBe(at.AddSeconds(1));
    }
}
