using System.Xml.Linq;

namespace Dogana.Tests.House;

public sealed class ModuleBoundaryTests
{
    [Fact]
    public void The_modules_keep_to_the_map() => ModuleBoundaries.Check(Beside("Dogana.dll")).ShouldBeEmpty();

    [Fact]
    public void The_check_reports_every_planted_breach_and_nothing_else() => ModuleBoundaries.Check(Planted()).ShouldBe(
    [
        "Dogana.Billing.Invoices.Invoice is public below its module's face",
        "Dogana.Conduct.Marked uses Dogana.Access.KeyBoundAttribute: Conduct may not call Access", // an attribute
        "Dogana.Fingerprints.Sketch uses Dogana.Storage.StoreBrokenException: Fingerprints may not call Storage", // a catch clause
        "Dogana.Ledger.Journal uses Dogana.Billing.Bill: Ledger may not call Billing", // in the body of an async method
        "Dogana.Metering.Tally uses Dogana.Rating.RatedUsage: Metering may not call Rating", // a field
        "Dogana.Parties.Party uses Dogana.Insight.Chart: Parties may not call Insight", // typeof in an attribute
        "Dogana.Rating.RatedUsage uses Dogana.Metering.Usage: Rating may not call Metering", // a base type
        "Dogana.RootWord uses Dogana.Ledger.Posting: the root may not call Ledger",
        "Dogana.Settlement.Statement uses Dogana.Billing.Invoices.Invoice: only types in Dogana.Billing itself may be used from outside", // List<Func<…>>
        "Dogana.Storage.StoreBrokenException uses Dogana.Notices.INotice: Storage may not call Notices", // an interface; a leaf calls no other
        "Sundry is not in the map of modules: add it deliberately",
    ]);

    [Fact]
    public void The_map_has_no_circle()
    {
        var left = ModuleMap.MayCall.ToDictionary(StringComparer.Ordinal);
        while (left.FirstOrDefault(module => module.Value.All(called => !left.ContainsKey(called))) is { Key: { } free })
        {
            left.Remove(free);
        }

        left.Keys.ShouldBeEmpty();
        ModuleMap.MayCall.Values.SelectMany(static called => called).Where(static called => !ModuleMap.MayCall.ContainsKey(called)).ShouldBeEmpty();
    }

    [Fact]
    public void The_gateway_uses_faces_only() => ModuleBoundaries.CheckFaces(Beside("Dogana.Gateway.dll"), "Dogana").ShouldBeEmpty();

    [Fact]
    public void A_use_below_a_face_is_found_across_assemblies() =>
        ModuleBoundaries.CheckFaces(Beside("Dogana.Tests.dll"), "System.Runtime")
            .ShouldContain("Dogana.Tests.House.ModuleBoundaryTests uses System.Runtime.CompilerServices.CompilerGeneratedAttribute, which is below a face", StringComparer.Ordinal);

    [Theory]
    [InlineData("Dogana.Gateway.dll", new[] { "Npgsql", "Microsoft.Data.Sqlite", "SQLitePCL", "YamlDotNet", "Dapper" })]
    [InlineData("Dogana.Engine.dll", new[] { "Dogana" })]
    [InlineData("Dogana.Client.dll", new[] { "Dogana" })]
    public void An_assembly_refers_to_none_of(string assembly, string[] banned) =>
        TypeUseReader.References(Beside(assembly)).Where(reference => banned.Any(name => reference.StartsWith(name, StringComparison.Ordinal))).ShouldBeEmpty();

    [Theory]
    [InlineData("Dogana.Client", "")]
    [InlineData("Dogana.Engine", "")]
    [InlineData("Dogana", "Dogana.Client")]
    [InlineData("Dogana.Gateway", "Dogana")]
    public void A_project_builds_on(string project, string others) => string.Join(' ', Items(project, "ProjectReference").Select(Path.GetFileNameWithoutExtension)).ShouldBe(others);

    [Theory]
    [InlineData("Dogana")]
    [InlineData("Dogana.Client")]
    [InlineData("Dogana.Engine")]
    [InlineData("Dogana.Gateway")]
    [InlineData("Dogana.Server")]
    public void Only_tests_see_the_inside_of(string project) => Items(project, "InternalsVisibleTo").Where(static name => !name.EndsWith("Tests", StringComparison.Ordinal) && !name.StartsWith("Dogana.Testing.", StringComparison.Ordinal)).ShouldBeEmpty();

    private static string Beside(string file) => Path.Combine(AppContext.BaseDirectory, file);

    // Built beside the tests, in the same configuration, and never referred to: its types have the names of real modules.
    private static string Planted()
    {
        var folder = AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar);
        return Path.Combine(folder, "..", "..", "Dogana.Tests.Planted", Path.GetFileName(folder), "Dogana.Tests.Planted.dll");
    }

    private static IEnumerable<string> Items(string project, string item) =>
        XDocument.Load(Path.Combine(Repository.Root, "src", project, project + ".csproj")).Descendants(item).Select(static element => element.Attribute("Include")?.Value ?? "");
}
