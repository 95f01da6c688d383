namespace Dogana.Tests.House;

public sealed class SourceStyleTests
{
    [Fact]
    public void No_file_is_longer_than_the_wall() => Sources.Shipped.SelectMany(SourceRules.Length).ShouldBeEmpty();

    [Fact]
    public void No_folder_or_type_has_a_vague_name() => Sources.Shipped.SelectMany(SourceRules.Names).ShouldBeEmpty();

    [Fact]
    public void There_are_no_regions() => Sources.Shipped.SelectMany(SourceRules.Regions).ShouldBeEmpty();

    [Fact]
    public void Money_is_never_floating() => Sources.Shipped.SelectMany(SourceRules.FloatingPoint).ShouldBeEmpty();

    [Fact]
    public void No_file_knows_a_machine_or_a_package_source() => Sources.All.SelectMany(SourceRules.Machines).ShouldBeEmpty();

    [Fact]
    public void The_files_are_found()
    {
        Sources.Shipped.ShouldContain(static file => file.Path == "src/Dogana/Money.cs");
        Sources.Tests.ShouldContain(static file => file.Path == "tests/Dogana.Tests/House/SourceStyleTests.cs");
        Sources.All.ShouldContain(static file => file.Path == "global.json");
        Sources.All.ShouldNotContain(static file => file.Path.Contains("node_modules", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("src/Dogana/Core/Thing.cs", "class Thing;", "Core")]
    [InlineData("src/Dogana.Infrastructure/Thing.cs", "class Thing;", "Dogana.Infrastructure")]
    [InlineData("src/Dogana/Thing.cs", "public sealed record struct Misc(int A);", "Misc")]
    [InlineData("src/Dogana/Thing.cs", "internal static class PriceHelper;", "PriceHelper")]
    [InlineData("src/Dogana/Thing.cs", "interface IKeyService;", "IKeyService")]
    [InlineData("src/Dogana/Thing.cs", "delegate Task<int> KeyManager(int a);", "KeyManager")]
    public void A_vague_name_is_found(string path, string text, string found) => SourceRules.Names(new SourceFile(path, text)).ShouldBe([$"{path}: {found}"]);

    [Theory]
    [InlineData("src/Dogana/Thing.cs", "sealed class Corelation; // the class Helper was here")]
    [InlineData("src/Dogana/Thing.cs", "enum ServiceTier; struct Managers;")]
    public void A_plain_name_is_left_alone(string path, string text) => SourceRules.Names(new SourceFile(path, text)).ShouldBeEmpty();

    [Theory]
    [InlineData("src/Dogana/Rating/Tier.cs", "decimal a = (decimal)1.0; double b;", 1)]
    [InlineData("src/Dogana/Money.cs", "float b;", 1)]
    [InlineData("src/Dogana/Ledger/Sum.cs", "decimal a; // never a double", 0)]
    [InlineData("src/Dogana/Insight/Forecast.cs", "double a;", 0)]
    public void Floating_point_is_found_where_amounts_are_exact(string path, string text, int count) => SourceRules.FloatingPoint(new SourceFile(path, text)).Count().ShouldBe(count);

    [Theory]
    [InlineData("cd /@/x", "root")]
    [InlineData("\"/@/x\"", "home")]
    [InlineData("file:///@/x", "work")]
    public void A_path_of_one_machine_is_found(string text, string folder) =>
        SourceRules.Machines(new SourceFile("docs/a.md", text.Replace("@", folder, StringComparison.Ordinal))).Count().ShouldBe(1);

    [Theory]
    [InlineData("https://example.com/@/x", "home")]
    [InlineData("$DIR/@/x and ~/@/x and a/@/x", "work")]
    public void A_path_below_something_is_left_alone(string text, string folder) =>
        SourceRules.Machines(new SourceFile("docs/a.md", text.Replace("@", folder, StringComparison.Ordinal))).ShouldBeEmpty();

    [Fact]
    public void A_region_and_a_long_file_are_found()
    {
        SourceRules.Regions(new SourceFile("a.cs", "class A\n{\n    #region x\n")).Count().ShouldBe(1);
        SourceRules.Length(new SourceFile("a.cs", new string('\n', SourceRules.LinesMax + 1))).Count().ShouldBe(1);
        SourceRules.Length(new SourceFile("a.cs", new string('\n', SourceRules.LinesMax))).ShouldBeEmpty();
    }
}
