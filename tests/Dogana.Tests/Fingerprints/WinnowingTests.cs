using System.Text;
using Dogana.Fingerprints;
using FsCheck.Fluent;

namespace Dogana.Tests.Fingerprints;

public sealed class WinnowingTests
{
    [Fact]
    public void Any_run_of_words_that_two_texts_share_is_found_wherever_it_stands()
    {
        var words = Gen.Choose(0, 400).Select(static word => WordReader.Mix((ulong)word + 1));
        var inputs = from before in words.ArrayOf(30) from after in words.ArrayOf(40) from other in words.ArrayOf(25) from run in words.ArrayOf(Winnowing.GuaranteedWords) select (before, after, other, run);
        Checked.ForAll(inputs, 20_261_122, static input =>
        {
            var one = Winnowing.Of([.. input.before, .. input.run, .. input.after]).Select(static fingerprint => fingerprint.Hash).ToHashSet();
            var other = Winnowing.Of([.. input.other, .. input.run, .. input.before.Reverse()]);
            other.Any(fingerprint => fingerprint.Word >= input.other.Length && fingerprint.Word < input.other.Length + Winnowing.Window && one.Contains(fingerprint.Hash)).ShouldBeTrue();
        });
    }

    [Fact]
    public void Every_window_keeps_its_smallest_gram() => Checked.ForAll(
        Gen.Choose(0, 30).Select(static gram => (ulong)gram).ListOf().Select(static grams => grams.ToArray()), 20_261_123, static grams =>
        {
            var kept = new List<Fingerprint>();
            Winnowing.Select(grams, kept);
            for (var from = 0; from + Winnowing.Window <= grams.Length; from++)
            {
                var window = grams[from..(from + Winnowing.Window)];
                var last = from + Array.LastIndexOf(window, window.Min());
                kept.ShouldContain(new Fingerprint(grams[last], last));
            }

            kept.ShouldBe(kept.OrderBy(static fingerprint => fingerprint.Word).Distinct());
        });

    [Fact]
    public void A_gram_rolled_over_a_text_is_the_gram_of_its_words_alone()
    {
        ulong[] words = [.. Enumerable.Range(1, 50).Select(static word => WordReader.Mix((ulong)word))];
        var grams = new ulong[Winnowing.GramCount(words.Length)];
        Winnowing.Roll(words, grams).ShouldBe(43);
        for (var at = 0; at < grams.Length; at++)
        {
            var alone = new ulong[1];
            Winnowing.Roll(words.AsSpan(at, Winnowing.GramWords), alone);
            grams[at].ShouldBe(alone[0]);
        }
    }

    [Fact]
    public void Texts_of_seven_words_have_no_fingerprint_and_of_eight_one()
    {
        Winnowing.Of(Read("one two three four five six seven")).ShouldBeEmpty();
        Winnowing.Of(Read("one two three four five six seven eight")).Count.ShouldBe(1);
    }

    [Fact]
    public void Words_under_overlapping_grams_count_once()
    {
        Winnowing.CoveredWords([0, 3, 30]).ShouldBe(19);
        Winnowing.CoveredWords([]).ShouldBe(0);
    }

    [Theory]
    [InlineData("Don't stop: it's 5 o'clock!", "dont STOP\r\n its, 5 (oclock)")]
    [InlineData("Grüße an Ödön", "GRÜSSE an ödön", false)]
    [InlineData("ÉCOLE d’été", "école dété")]
    [InlineData("東京 都", "東京都")]
    public void What_a_copier_changes_without_thinking_changes_no_word(string one, string other, bool isSame = true) =>
        Read(one).SequenceEqual(Read(other)).ShouldBe(isSame);

    [Fact]
    public void A_words_place_is_its_first_byte()
    {
        var words = new WordList();
        WordReader.Read("a bé—cd"u8, words, 100);
        words.Starts.ToArray().ShouldBe([100, 102, 108]);
    }

    private static ulong[] Read(string text)
    {
        var words = new WordList();
        WordReader.Read(Encoding.UTF8.GetBytes(text), words);
        return words.Hashes.ToArray();
    }
}
