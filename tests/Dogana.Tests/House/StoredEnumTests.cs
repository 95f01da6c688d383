namespace Dogana.Tests.House;

/// <summary>What was once written must be read for ever: stored-enums.txt holds every stored value, and lines are only ever added to it.</summary>
public sealed class StoredEnumTests
{
    private const string ListPath = "tests/Dogana.Tests/House/stored-enums.txt";

    [Fact]
    public void A_stored_value_is_never_taken_away_or_changed() =>
        ShouldBeNone("These values may be in a store, and have gone or have other numbers", Listed().Except(InSource(), StringComparer.Ordinal));

    [Fact]
    public void Every_stored_value_is_listed() =>
        ShouldBeNone($"Give numbers to values without one, and add these lines to {ListPath}", InSource().Except(Listed(), StringComparer.Ordinal));

    [Fact]
    public void Only_enums_that_say_so_are_stored()
    {
        const string text = """
            namespace Dogana.Catalog;

            /// <summary>What is counted. Stored by name.</summary>
            [Flags]
            public enum Kind
            {
                /// <summary>One, for once.</summary>
                One = 1,

                Two, // no number
            }

            /// <summary>Stored nowhere; answered.</summary>
            internal enum Passing
            {
                Gone = 1,
            }
            """;

        StoredEnums.In(new SourceFile("a.cs", text)).ShouldBe(["Dogana.Catalog.Kind.One = 1", "Dogana.Catalog.Kind.Two = ?"]);
    }

    private static IEnumerable<string> InSource() => Sources.Shipped.SelectMany(StoredEnums.In);

    private static IEnumerable<string> Listed() => File.ReadLines(Path.Combine(Repository.Root, ListPath)).Where(static line => line.Length > 0 && !line.StartsWith('#'));

    // The lines stand alone, to be copied.
    private static void ShouldBeNone(string what, IEnumerable<string> lines)
    {
        var all = lines.ToArray();
        Assert.True(all.Length == 0, $"{what}:\n{string.Join('\n', all)}");
    }
}
