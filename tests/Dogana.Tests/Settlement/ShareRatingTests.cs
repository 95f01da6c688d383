using Dogana.Client;
using Dogana.Settlement;
using Dogana.Tests.Billing;
using FsCheck;
using FsCheck.Fluent;

namespace Dogana.Tests.Settlement;

public sealed class ShareRatingTests
{
    private static readonly DateTimeOffset Start = new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly Dictionary<string, string> Owners = new(StringComparer.Ordinal) { ["small"] = "owner", ["large"] = "owner", ["other"] = "elsewhere" };

    private static Gen<ShareLeg> Legs =>
        from first in Gen.Choose(1, 10_000)
        from second in Gen.Choose(0, 10_000)
        from edge in Gen.Choose(1, 200_000)
        from isTiered in Gen.Elements(true, false)
        from cap in Gen.Choose(0, 60_000)
        select Leg(first) with
        {
            Currency = Papers.Usd,
            Tiers = isTiered ? [new ShareTier(Cents(edge), first), new ShareTier(null, second)] : [new ShareTier(null, first)],
            Cap = cap == 0 ? null : Cents(cap),
        };

    private static Gen<int[]> Amounts => Gen.Choose(-20_000, 60_000).ArrayOf(12);

    [Theory]
    [InlineData("1000.00", "200.00")]
    [InlineData("1234.57", "246.91")]
    [InlineData("0.02", "0.00")]
    [InlineData("-1234.57", "-246.91")]
    public void Twenty_percent_is_rounded_once(string net, string share) => Share(Leg(2_000), Document(new PaperLine(net))).ShouldBe(Papers.Amount(share));

    [Fact]
    public void A_cap_is_reached_in_the_middle_of_a_document()
    {
        var leg = Leg(2_000) with { Currency = Papers.Usd, Cap = Papers.Amount("250.00") };

        Rate(leg, Document(new PaperLine("1000.00"), new PaperLine("1000.00"), new PaperLine("500.00"))).Select(static line => line.Share.ToAmountText())
            .ShouldBe(["200.00", "50.00", "0.00"]);
    }

    [Fact]
    public void What_is_taken_back_above_the_cap_takes_nothing_from_the_share()
    {
        var leg = Leg(2_000) with { Currency = Papers.Usd, Cap = Papers.Amount("250.00") };

        Rate(leg, Document(new PaperLine("2000.00"), new PaperLine("-700.00"), new PaperLine("-300.00"))).Select(static line => line.Share.ToAmountText())
            .ShouldBe(["250.00", "0.00", "-50.00"]);
    }

    [Fact]
    public void Rates_hold_for_their_part_of_the_cumulative_basis()
    {
        var leg = Leg(0) with { Currency = Papers.Usd, Tiers = [new ShareTier(Papers.Amount("1000.00"), 2_000), new ShareTier(Papers.Amount("2000.00"), 1_500), new ShareTier(null, 1_000)] };

        Rate(leg, Document(new PaperLine("900.00"), new PaperLine("600.00"), new PaperLine("1500.00"))).Select(static line => line.Share.ToAmountText())
            .ShouldBe(["180.00", "95.00", "175.00"]);
    }

    [Fact]
    public void A_leg_takes_the_lines_of_its_models_or_its_owner_in_its_window()
    {
        var document = Document(
            new PaperLine("1.00"), new PaperLine("2.00") { Model = "large" }, new PaperLine("4.00") { Model = "other" }, new PaperLine("8.00") { Model = null, Kind = "fee" },
            new PaperLine("16.00") { ServiceEnd = Start }, new PaperLine("32.00") { Kind = "prepayment", Model = null });

        Share(Leg(10_000), document).ShouldBe(Papers.Amount("15.00"));
        Share(Leg(10_000) with { Models = ["large"] }, document).ShouldBe(Papers.Amount("2.00"));
        Share(Leg(10_000) with { Owner = "owner" }, document).ShouldBe(Papers.Amount("3.00"));
        Share(Leg(10_000) with { To = MoneyWorld.January.End("Etc/UTC") }, document).ShouldBe(Papers.Amount("15.00"));
        Share(Leg(10_000) with { To = MoneyWorld.January.End("Etc/UTC").AddMicroseconds(-1) }, document).ShouldBe(Papers.Amount("0.00"));
    }

    [Fact]
    public void The_gross_basis_is_the_documents_gross()
    {
        Checked.ForAll(Amounts, 3101, amounts =>
        {
            var document = Document([.. amounts.Select((amount, index) => new PaperLine(Cents(amount).ToAmountText()) { TaxPercent = index % 3 == 0 ? "7" : "19" })]);

            Money.Sum(ShareRating.Items(document, ShareBasis.Gross, []).Select(static item => item.Basis), Papers.Usd).ToAmountText().ShouldBe(document.Gross);
        });
    }

    [Fact]
    public void What_is_collected_is_shared_in_proportion_and_whole_when_all_is_paid()
    {
        var document = Papers.Document("D-1", "resale", MoneyWorld.January, [new PaperLine("100.00") { TaxPercent = "19" }, new PaperLine("33.33") { TaxPercent = "19" }], prepaid: "58.66");
        CollectedPayment[] payments = [new("D-1", "p1", Papers.Amount("50.00")), new("D-1", "p2", Papers.Amount("50.00")), new("D-1", "p3", Papers.Amount("-50.00"))];

        var items = ShareRating.Items(document, ShareBasis.Collected, payments);

        items.Where(static item => item.Part.Length == 0).Sum(static item => item.Basis.Amount).ShouldBe(133.33m * 58.66m / 158.66m, 0.000_000_001m);
        items.Where(static item => item.Part != "p3").Sum(static item => item.Basis.Amount).ShouldBe(133.33m);
        items.Where(static item => item.Part == "p3").ShouldAllBe(static item => item.IsClawback && item.Basis.Amount < 0);
        ShareRating.Items(Papers.Document("D-2", "resale", MoneyWorld.January, [new PaperLine("10.00")]), ShareBasis.Collected, []).ShouldBeEmpty("nothing is paid yet");
    }

    [Fact]
    public void Neither_batches_nor_order_change_what_a_leg_gives()
    {
        Checked.ForAll(from leg in Legs from amounts in Amounts from cut in Gen.Choose(0, 12) select (leg, amounts, cut), 3102, input =>
        {
            var (leg, amounts, cut) = input;
            var items = ShareRating.Items(Document([.. amounts.Select(static amount => new PaperLine(Cents(amount).ToAmountText()))]), ShareBasis.Net, []);
            var whole = Sum(ShareRating.Rate(leg, LegPosition.Empty(Papers.Usd), items));
            var first = ShareRating.Rate(leg, LegPosition.Empty(Papers.Usd), items.Take(cut));
            var between = new LegPosition(Money.Sum(items.Take(cut).Select(static item => item.Basis), Papers.Usd), Sum(first), Money.Zero(Papers.Usd));

            (Sum(first) + Sum(ShareRating.Rate(leg, between, items.Skip(cut)))).ShouldBe(whole);
            Sum(ShareRating.Rate(leg, LegPosition.Empty(Papers.Usd), items.Reverse())).ShouldBe(whole);
        });
    }

    [Fact]
    public void A_leg_never_gives_more_than_its_cap_nor_less_for_more()
    {
        Checked.ForAll(from leg in Legs from amounts in Gen.Choose(0, 60_000).ArrayOf(12) select (leg, amounts), 3103, input =>
        {
            var (leg, amounts) = input;
            var lines = Rate(leg, Document([.. amounts.Select(static amount => new PaperLine(Cents(amount).ToAmountText()))]));

            lines.ShouldAllBe(line => line.Share.Amount >= 0 && line.Share.Round() == line.Share);
            Sum(lines).Amount.ShouldBeLessThanOrEqualTo(leg.Cap?.Amount ?? decimal.MaxValue);
        });
    }

    [Fact]
    public void A_document_and_what_gives_it_back_leave_the_leg_as_it_was()
    {
        Checked.ForAll(from leg in Legs from before in Amounts from given in Amounts select (leg, before, given), 3104, input =>
        {
            var (leg, before, given) = input;
            var items = ShareRating.Items(Document([.. before.Concat(given).Concat(given.Select(static amount => -amount)).Select(static amount => new PaperLine(Cents(amount).ToAmountText()))]), ShareBasis.Net, []);

            var lines = ShareRating.Rate(leg, LegPosition.Empty(Papers.Usd), items);

            Sum(lines.Skip(before.Length)).IsZero.ShouldBeTrue();
        });
    }

    [Fact]
    public void A_true_up_fills_up_to_the_minimum_and_never_beyond_the_cap()
    {
        var leg = Leg(2_000) with { Currency = Papers.Usd, Cap = Papers.Amount("260.00"), Guarantee = new ShareGuarantee(Papers.Amount("100.00"), GuaranteePeriod.Month) };

        TrueUp("60.00", 1, "60.00", "0.00").ShouldBe(Papers.Amount("40.00"));
        TrueUp("60.00", 2, "60.00", "0.00").ShouldBe(Papers.Amount("140.00"));
        TrueUp("100.00", 1, "130.00", "0.00").ShouldBe(Papers.Amount("0.00"));
        TrueUp("0.00", 1, "200.00", "40.00").ShouldBe(Papers.Amount("20.00"));
        ShareRating.Target(leg, Papers.Amount("10000.00"), Papers.Amount("60.00")).ShouldBe(Papers.Amount("200.00"));

        Money TrueUp(string shares, int periods, string share, string trueUps) => ShareRating.TrueUp(
            leg, new LegPosition(Papers.Amount("0.00"), Papers.Amount(share), Papers.Amount(trueUps)), Papers.Amount(shares), periods);
    }

    private static Money Cents(long cents) => new(cents / 100m, Papers.Usd);

    private static ShareLeg Leg(int basisPoints) => new("share", "share", "cloud", "owner", Start, null, [new ShareTier(null, basisPoints)]) { Channel = "resale" };

    private static InvoiceDocument Document(params IReadOnlyList<PaperLine> lines) => Papers.Document("D-1", "resale", MoneyWorld.January, lines);

    private static IReadOnlyList<ShareLine> Rate(ShareLeg leg, InvoiceDocument document) => ShareRating.Rate(
        leg, LegPosition.Empty(Papers.Usd), ShareRating.Items(document, leg.Basis, []).Where(item => ShareRating.Covers(leg, item, Owners)));

    private static Money Share(ShareLeg leg, InvoiceDocument document) => Sum(Rate(leg, document));

    private static Money Sum(IEnumerable<ShareLine> lines) => Money.Sum(lines.Select(static line => line.Share), Papers.Usd);
}
