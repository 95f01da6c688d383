using System.Text.Json;

namespace Dogana.Parties.Ownership.Import;

/// <summary>What an interest of BODS 0.4 is here, or why it is left out.</summary>
/// <param name="Kind">What it is here.</param>
/// <param name="Share">How large.</param>
internal sealed record BodsInterest(InterestKind Kind, ShareRange Share)
{
    // Percent times 10,000 are millionths of the whole.
    private const decimal MillionthsOfPercent = ShareRange.Whole / 100;

    /// <summary>Maps an interest (codelist <c>interestType</c> of BODS 0.4).</summary>
    public static Mapped Map(JsonElement interest)
    {
        if (interest.ValueKind != JsonValueKind.Object)
        {
            return new("an interest that is no object");
        }

        if (interest.TryGetProperty("directOrIndirect", out var way) && way.ValueKind == JsonValueKind.String && way.GetString() == "indirect")
        {
            return new("an indirect interest: chains are computed from the direct ones");
        }

        var type = interest.TryGetProperty("type", out var name) && name.ValueKind == JsonValueKind.String ? name.GetString() : null;
        switch (type)
        {
            case "shareholding":
                return Shared(InterestKind.Shareholding, interest);
            case "votingRights":
                return Shared(InterestKind.VotingRights, interest);
            case "unknownInterest" or "unpublishedInterest" or null:
                // Something is held, and nobody says what: it may be all of it.
                return new(new BodsInterest(InterestKind.Shareholding, ShareRange.Any));
            case "appointmentOfBoard":
                return !TryReadShare(interest, out var board) ? new("an interest whose share is not a percentage")
                    : board.Max <= ShareRange.Whole / 2 ? new("appointing at most half of the board is not control")
                    : new(new BodsInterest(InterestKind.Control, ShareRange.All));
            case "otherInfluenceOrControl" or "controlViaCompanyRulesOrArticles" or "controlByLegalFramework" or "rightsGrantedByContract" or "trustee":
                return new(new BodsInterest(InterestKind.Control, ShareRange.All));
            case "seniorManagingOfficial" or "boardMember" or "boardChair":
                return new("an office, not an interest: who manages does not own");
            case "settlor" or "protector" or "beneficiaryOfLegalArrangement" or "nominee" or "nominator":
                return new("a role in a trust or nomination that does not decide: the trustee does");
            case "rightsToSurplusAssetsOnDissolution" or "rightsToProfitOrIncome" or "enjoymentAndUseOfAssets" or "rightToProfitOrIncomeFromAssets":
                return new("a right to money or use: neither capital nor votes");
            case "conditionalRightsGrantedByContract":
                return new("a right that depends on a condition");
            default:
                return new("an interest type that BODS 0.4 does not have");
        }
    }

    private static Mapped Shared(InterestKind kind, JsonElement interest) =>
        TryReadShare(interest, out var share) ? new(new BodsInterest(kind, share)) : new("an interest whose share is not a percentage");

    // BODS 0.4 writes exclusive bounds as numbers beside or instead of the inclusive ones; earlier versions as true or false beside them.
    private static bool TryReadShare(JsonElement interest, out ShareRange range)
    {
        range = ShareRange.Any;
        if (!interest.TryGetProperty("share", out var share) || share.ValueKind != JsonValueKind.Object)
        {
            return true;
        }

        var (min, max) = (0L, ShareRange.Whole);
        foreach (var bound in share.EnumerateObject())
        {
            if (bound.Value.ValueKind is not JsonValueKind.Number)
            {
                continue;
            }

            if (!bound.Value.TryGetDecimal(out var percent) || percent is < 0 or > 100)
            {
                return false;
            }

            var (low, high) = ((long)decimal.Floor(percent * MillionthsOfPercent), (long)decimal.Ceiling(percent * MillionthsOfPercent));
            switch (bound.Name)
            {
                case "exact":
                    (min, max) = (Math.Max(min, low), Math.Min(max, high));
                    break;
                case "minimum":
                    min = Math.Max(min, IsTrue(share, "exclusiveMinimum") ? low + 1 : low);
                    break;
                case "maximum":
                    max = Math.Min(max, IsTrue(share, "exclusiveMaximum") ? high - 1 : high);
                    break;
                case "exclusiveMinimum":
                    min = Math.Max(min, low + 1);
                    break;
                case "exclusiveMaximum":
                    max = Math.Min(max, high - 1);
                    break;
            }
        }

        range = new ShareRange(min, max);
        return min <= max;
    }

    private static bool IsTrue(JsonElement share, string name) => share.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;

    /// <summary>An interest, or the reason why it is left out.</summary>
    internal readonly struct Mapped
    {
        private readonly BodsInterest? _interest;
        private readonly string? _reason;

        public Mapped(BodsInterest interest) => (_interest, _reason) = (interest, null);

        public Mapped(string reason) => (_interest, _reason) = (null, reason);

        public bool TryGet([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out BodsInterest? interest, [System.Diagnostics.CodeAnalysis.NotNullWhen(false)] out string? reason)
        {
            (interest, reason) = (_interest, _reason);
            return interest is not null;
        }
    }
}
