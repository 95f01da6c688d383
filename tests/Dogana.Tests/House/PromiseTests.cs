using System.Text.RegularExpressions;

namespace Dogana.Tests.House;

/// <summary>What the documents say of the code is so.</summary>
public sealed partial class PromiseTests
{
    [Fact]
    public void Every_promise_names_a_test_that_exists() => BrokenPromises(Document("docs/invariants.md"), TestNames.All).ShouldBeEmpty();

    [Fact]
    public void Every_ending_names_a_test_that_exists() => BrokenPromises(Document("docs/endings.md"), TestNames.All).ShouldBeEmpty();

    [Fact]
    public void Every_word_of_the_glossary_names_a_file_that_exists() => BrokenWords(Document("docs/glossary.md")).ShouldBeEmpty();

    [Fact]
    public void Every_problem_has_a_row_in_the_table()
    {
        foreach (var code in Enum.GetValues<ProblemCode>())
        {
            Should.NotThrow(() => ProblemTable.Of(code), $"{code}").Status.ShouldBeInRange(400, 599);
        }
    }

    [Fact]
    public void A_promise_without_its_test_is_found()
    {
        const string text = """
            # Promises
            | promise | test |
            |---|---|
            | held | `StoreTests.A_failed_write_leaves_nothing` |
            | renamed | `StoreTests.A_failed_write_leaves_something` |
            | half held | `StoreTests.A_failed_write_leaves_nothing`, `StoreTests.Gone` |
            | hoped for | later |
            """;

        BrokenPromises(text, TestNames.All).ShouldBe(["renamed: StoreTests.A_failed_write_leaves_something", "half held: StoreTests.Gone", "hoped for: names no test"]);
    }

    [Fact]
    public void A_word_without_its_file_is_found()
    {
        const string text = """
            | word | type | file |
            |---|---|---|
            | money | `Money` | `src/Dogana/Money.cs` |
            | coin | `Coin` | src/Dogana/Money.cs |
            | purse | `Purse` | `src/Dogana/Purse.cs` |
            """;

        BrokenWords(text).ShouldBe(["coin: src/Dogana/Money.cs does not have Coin", "purse: there is no src/Dogana/Purse.cs"]);
    }

    [Fact]
    public void Only_methods_that_run_as_tests_are_tests()
    {
        const string text = """
            public sealed class SomeTests(Fixture fixture)
            {
                [Theory]
                [InlineData(
                    1)]
                public async Task<int> First(int a)
                [Fact(Timeout = 1)] public void Same_line() {}
                public void Not_one()
                private static int Second() => 1;
            """;

        TestNames.In(new SourceFile("a.cs", text)).ShouldBe(["SomeTests.First", "SomeTests.Same_line"]);
    }

    private static List<string> BrokenPromises(string text, IReadOnlySet<string> tests)
    {
        var broken = new List<string>();
        foreach (var row in Sources.TableRows(text))
        {
            var named = TestName().Matches(row[^1]).Select(static match => match.Value).ToArray();
            broken.AddRange(named.Where(name => !tests.Contains(name)).Select(name => $"{row[0]}: {name}"));
            if (named.Length == 0)
            {
                broken.Add($"{row[0]}: names no test");
            }
        }

        return broken;
    }

    private static List<string> BrokenWords(string text)
    {
        var broken = new List<string>();
        foreach (var row in Sources.TableRows(text))
        {
            var (word, type, file) = (row[0], row[1].Trim('`'), row[2].Trim('`'));
            var path = Path.Combine(Repository.Root, file);
            if (!File.Exists(path))
            {
                broken.Add($"{word}: there is no {file}");
            }
            else if (Identifier().IsMatch(type) && !File.ReadAllText(path).Contains(type, StringComparison.Ordinal))
            {
                broken.Add($"{word}: {file} does not have {type}");
            }
        }

        return broken;
    }

    private static string Document(string path)
    {
        var file = Path.Combine(Repository.Root, path);
        Assert.SkipUnless(File.Exists(file), $"{path} is not written yet.");
        return File.ReadAllText(file);
    }

    [GeneratedRegex(@"\b[A-Z]\w*\.[A-Z]\w*", RegexOptions.None, 1000)]
    private static partial Regex TestName();

    [GeneratedRegex(@"^\w+$", RegexOptions.None, 1000)]
    private static partial Regex Identifier();
}
