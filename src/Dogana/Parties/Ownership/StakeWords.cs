using System.Globalization;
using System.Numerics;

namespace Dogana.Parties.Ownership;

/// <summary>Says in words what somebody has in somebody. Percentages are exact.</summary>
internal static class StakeWords
{
    /// <summary>What a stake is: <c>holds 60 % (s-12)</c>.</summary>
    public static string Basis(Stake stake) => stake switch
    {
        { Link: { } link } => Link(link) + Sources(stake),
        { IsParent: true } => "is its parent" + Sources(stake),
        _ => $"holds {Range(stake.Share)}" + Sources(stake),
    };

    /// <summary>How much a stake is worth, without a verb: <c>60 % (s-12)</c>.</summary>
    public static string Worth(Stake stake) => (stake.Link is null ? Range(stake.Share) : Percent(ShareRange.Whole)) + Sources(stake);

    /// <summary>A share of millionths as percent.</summary>
    public static string Percent(long share) => string.Create(CultureInfo.InvariantCulture, $"{share / 10_000m:0.####} %");

    /// <summary>A share of some part of the whole, which is a power of ten, as percent.</summary>
    public static string Percent(BigInteger share, BigInteger whole)
    {
        var decimals = whole.ToString(CultureInfo.InvariantCulture).Length - 1 - 2;
        var digits = share.ToString(CultureInfo.InvariantCulture).PadLeft(decimals + 1, '0');
        var fraction = digits[^decimals..].TrimEnd('0');
        return $"{digits[..^decimals]}{(fraction.Length > 0 ? "." : "")}{fraction} %";
    }

    private static string Range(ShareRange share) => share.Min == share.Max ? Percent(share.Min)
        : share.Min == 0 ? $"up to {Percent(share.Max)}"
        : $"{Percent(share.Min)} to {Percent(share.Max)}";

    private static string Link(InterestKind link) => link switch
    {
        InterestKind.Control => "controls it",
        InterestKind.Agent => "has it as an agent",
        InterestKind.ResellerOfRecord => "is its reseller of record",
        _ => "has it as an end customer",
    };

    private static string Sources(Stake stake) => stake.Statements.Count == 0 ? "" : $" ({string.Join(", ", stake.Statements.Select(static item => item.Id))})";
}
