namespace Dogana.Authority;

/// <summary>What a person or an admin key is to do; what that permits is <see cref="RoleMatrix"/>. Stored by name.</summary>
public enum Role
{
    /// <summary>Everything.</summary>
    Owner = 1,

    /// <summary>Keys, and what calls need.</summary>
    Developer = 2,

    /// <summary>Documents, the ledger, the close of months.</summary>
    Finance = 3,

    /// <summary>Proposes measures, and suspends alone where it cannot wait.</summary>
    ConductOfficer = 4,

    /// <summary>Approves what a conduct officer proposed.</summary>
    Approver = 5,

    /// <summary>Decides appeals.</summary>
    AppealDecider = 6,

    /// <summary>Reads everything, changes nothing.</summary>
    Auditor = 7,

    /// <summary>Helps customers: reads what they see, sends notices again.</summary>
    Support = 8,

    /// <summary>Runs a channel for the seller.</summary>
    ResellerAdmin = 9,

    /// <summary>Runs a customer's account for the customer.</summary>
    CustomerAdmin = 10,
}
