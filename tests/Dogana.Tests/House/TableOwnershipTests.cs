using System.Text.RegularExpressions;

namespace Dogana.Tests.House;

/// <summary>A table belongs to the module whose Schema folder makes it, and only that module's SQL names it: others ask by its face.</summary>
public sealed partial class TableOwnershipTests
{
    [Fact]
    public void No_module_reads_or_writes_the_table_of_another_one() => Breaches(Sources.All).ShouldBeEmpty();

    [Fact]
    public void A_foreign_table_is_found()
    {
        SourceFile[] files =
        [
            new("src/Dogana/Ledger/Schema/0001_ledger.sql", "create table posting(\n  id bigint);\nCREATE TABLE if not exists hold(id bigint)"),
            new("src/Dogana/Ledger/Postings.cs", "\"select 1 from posting\""),
            new("src/Dogana/Billing/Invoices.cs", "// taken from posting\n\"insert into line select 1\n  from hold join posting on 1 = 1\""),
            new("src/Dogana/Insight/Chart.cs", "var all = from hold in holds select hold;"),
            new("src/Dogana.Gateway/Route.cs", "\"update hold set id = 1\""),
        ];

        Breaches(files).ShouldBe(
        [
            "src/Dogana/Billing/Invoices.cs: from hold, a table of Ledger",
            "src/Dogana/Billing/Invoices.cs: join posting, a table of Ledger",
            "src/Dogana.Gateway/Route.cs: update hold, a table of Ledger",
        ]);
    }

    private static IEnumerable<string> Breaches(IReadOnlyList<SourceFile> files)
    {
        var owners = files.Where(static file => file.Path.Contains("/Schema/", StringComparison.Ordinal) && file.Path.EndsWith(".sql", StringComparison.Ordinal))
            .SelectMany(static file => Made().Matches(file.Text).Select(match => (Table: match.Groups["table"].Value, Module: ModuleOf(file))))
            .Distinct() // a later step may make a table anew
            .ToDictionary(static made => made.Table, static made => made.Module, StringComparer.Ordinal);
        return from file in files
               where file.Path.StartsWith("src/", StringComparison.Ordinal) && file.Path.EndsWith(".cs", StringComparison.Ordinal)
               from Match match in Named().Matches(SourceRules.WithoutComments(file.Text))
               where owners.TryGetValue(match.Groups["table"].Value, out var owner) && owner != ModuleOf(file)
               select $"{file.Path}: {match.Value}, a table of {owners[match.Groups["table"].Value]}";
    }

    private static string ModuleOf(SourceFile file) => file.Path.Split('/') is ["src", "Dogana", var module, _, ..] ? module : "";

    [GeneratedRegex(@"\bcreate\s+table\s+(if\s+not\s+exists\s+)?(?<table>\w+)", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Made();

    // In C#'s own queries "in" follows the name.
    [GeneratedRegex(@"\b(from|join|into|update)\s+(?<table>\w+)\b(?!\s+in\b)", RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Named();
}
