namespace Dogana.Ledger;

/// <summary>What an account holds. Stored and sent by name (<see cref="AccountKindNames"/>); grows by appending.</summary>
public enum AccountKind
{
    /// <summary>Earned by usage, not yet invoiced; exact amounts.</summary>
    UnbilledReceivable = 1,

    /// <summary>Invoiced, or agreed on a statement, and not yet paid; whole minor units.</summary>
    Receivable = 2,

    /// <summary>Revenue from usage; exact amounts.</summary>
    UsageRevenue = 3,

    /// <summary>A share of another seller's sales.</summary>
    ChannelRevenue = 4,

    /// <summary>The share of own sales that goes to another.</summary>
    RevenueShareCost = 5,

    /// <summary>Owed to another.</summary>
    Payable = 6,

    /// <summary>What rounding invoice lines to minor units gave or took.</summary>
    Rounding = 7,

    /// <summary>Tax that was charged and is owed to the state; whole minor units.</summary>
    TaxPayable = 8,

    /// <summary>Money received, less money paid.</summary>
    Cash = 9,

    /// <summary>Prepaid by a customer and not used yet.</summary>
    Deferred = 10,

    /// <summary>Given off usage and fees; lessens revenue.</summary>
    Discount = 11,

    /// <summary>Revenue from fixed fees.</summary>
    FeeRevenue = 12,

    /// <summary>What minimums leave beyond what was used.</summary>
    CommitmentRevenue = 13,

    /// <summary>Prepaid credit that ended unused.</summary>
    BreakageRevenue = 14,

    /// <summary>Given back by credit notes; lessens revenue.</summary>
    CreditNotes = 15,

    /// <summary>Receivables that will not be paid.</summary>
    BadDebt = 16,

    /// <summary>Between two currencies of one document; one side in each.</summary>
    FxClearing = 17,

    /// <summary>What upstreams charge for what was used; exact amounts.</summary>
    UpstreamCost = 18,

    /// <summary>Used of upstreams and not yet billed by them; exact amounts.</summary>
    AccruedCost = 19,

    /// <summary>Rent of servers from another.</summary>
    RentCost = 20,

    /// <summary>Rent of servers to another.</summary>
    RentRevenue = 21,
}

/// <summary>The kinds' names.</summary>
public static class AccountKindNames
{
    /// <summary>The name in stores and documents, for example <c>unbilled_receivable</c>.</summary>
    public static string ToName(this AccountKind kind) => kind switch
    {
        AccountKind.UnbilledReceivable => "unbilled_receivable",
        AccountKind.Receivable => "receivable",
        AccountKind.UsageRevenue => "usage_revenue",
        AccountKind.ChannelRevenue => "channel_revenue",
        AccountKind.RevenueShareCost => "revenue_share_cost",
        AccountKind.Payable => "payable",
        AccountKind.Rounding => "rounding",
        AccountKind.TaxPayable => "tax_payable",
        AccountKind.Cash => "cash",
        AccountKind.Deferred => "deferred",
        AccountKind.Discount => "discount",
        AccountKind.FeeRevenue => "fee_revenue",
        AccountKind.CommitmentRevenue => "commitment_revenue",
        AccountKind.BreakageRevenue => "breakage_revenue",
        AccountKind.CreditNotes => "credit_notes",
        AccountKind.BadDebt => "bad_debt",
        AccountKind.FxClearing => "fx_clearing",
        AccountKind.UpstreamCost => "upstream_cost",
        AccountKind.AccruedCost => "accrued_cost",
        AccountKind.RentCost => "rent_cost",
        AccountKind.RentRevenue => "rent_revenue",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    /// <summary>The kind with this name, or null.</summary>
    public static AccountKind? Find(string name)
    {
        foreach (var kind in Enum.GetValues<AccountKind>())
        {
            if (kind.ToName() == name)
            {
                return kind;
            }
        }

        return null;
    }
}

/// <summary>An account in one organisation's books.</summary>
/// <param name="Book">The organisation whose books these are.</param>
/// <param name="Kind">What it holds.</param>
/// <param name="Party">The other side: the customer, the partner.</param>
public sealed record Account(string Book, AccountKind Kind, string Party);

/// <summary>The sum of an account's postings in one currency.</summary>
/// <param name="Account">The account.</param>
/// <param name="Amount">Above zero: debit. Below zero: credit.</param>
public sealed record AccountBalance(Account Account, Money Amount);
