using Dogana.Fingerprints;

namespace Dogana.Tests.Fingerprints;

public sealed class RecentFingerprintsTests
{
    private static readonly FingerprintKey Key = new([.. Enumerable.Range(0, 16).Select(static value => (byte)value)]);

    // The vector of eight bytes of the authors' own list.
    [Fact]
    public void A_hash_is_turned_as_SipHash_says() => Key.Turn(0x0706050403020100).ShouldBe(0x93f5f5799a932462);

    [Fact]
    public void Another_secret_turns_a_hash_into_another_one() => new FingerprintKey(new byte[16]).Turn(7).ShouldNotBe(Key.Turn(7));

    [Fact]
    public void A_text_of_an_account_is_known_again_inside_of_another_text_and_only_there()
    {
        var recent = new RecentFingerprints(Key);
        var text = Words(1, 60);
        recent.Add("a", Winnowing.Of(text));
        var pasted = Winnowing.Of([.. Words(500, 40), .. text, .. Words(900, 40)]);
        recent.CoveredWords("a", pasted).ShouldBeInRange(50, 60);
        recent.CoveredWords("b", pasted).ShouldBe(0);
        recent.CoveredWords("a", Winnowing.Of(Words(2_000, 80))).ShouldBe(0);
    }

    [Fact]
    public void Old_texts_go_when_an_account_is_full_and_old_accounts_when_there_are_too_many()
    {
        var recent = new RecentFingerprints(Key, accounts: 8, perAccount: 64);
        var first = Winnowing.Of(Words(1, 60));
        recent.Add("a", first);
        for (var text = 1; text < 50; text++)
        {
            recent.Add("a", Winnowing.Of(Words((uint)text * 1_000, 60)));
        }

        recent.CoveredWords("a", first).ShouldBeLessThan(20);
        for (var account = 0; account < 100; account++)
        {
            recent.Add($"account-{account}", first);
        }

        recent.Accounts.ShouldBeLessThanOrEqualTo(8);
        recent.CoveredWords("a", first).ShouldBe(0);
        recent.CoveredWords("account-99", first).ShouldBeGreaterThan(0);
    }

    private static ulong[] Words(uint from, int count) => [.. Enumerable.Range(0, count).Select(word => WordReader.Mix(from + (ulong)word))];
}
