namespace Dogana.Parties.Ownership;

/// <summary>All that one party directly has in another one.</summary>
/// <param name="Holder">Who has it, by its place in <see cref="HoldingNet.Parties"/>.</param>
/// <param name="Subject">In whom.</param>
/// <param name="Share">The share, of capital and votes merged; nothing where there is a link only.</param>
/// <param name="Link">A link that carries control as if the whole were held, or null.</param>
/// <param name="IsParent">Is it the parent of the world file?</param>
/// <param name="Statements">The statements that say so, by id.</param>
internal sealed record Stake(int Holder, int Subject, ShareRange Share, InterestKind? Link, bool IsParent, IReadOnlyList<OwnershipStatement> Statements)
{
    /// <summary>What it is worth at least.</summary>
    public long Lower => Link is null ? Share.Min : ShareRange.Whole;
}
