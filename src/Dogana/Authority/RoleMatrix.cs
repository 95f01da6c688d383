using System.Collections.Frozen;

namespace Dogana.Authority;

/// <summary>
/// The one table of who may do what: permissions by role. An owner has all. Over an organisation or a channel a role has only the permissions that
/// tenants can have: all else is the platform's.
/// </summary>
public static class RoleMatrix
{
    private const bool Tenants = true;
    private const bool Platform = false;

    private static readonly (Permission Permission, bool ForTenants, Role[] Roles)[] Table =
    [
        (Permission.KeyRead, Tenants, [Role.Developer, Role.Auditor, Role.Support, Role.ResellerAdmin, Role.CustomerAdmin]),
        (Permission.KeyWrite, Tenants, [Role.Developer, Role.ResellerAdmin, Role.CustomerAdmin]),
        (Permission.ProjectRead, Tenants, [Role.Developer, Role.Finance, Role.ConductOfficer, Role.Auditor, Role.Support, Role.ResellerAdmin, Role.CustomerAdmin]),
        (Permission.ProjectWrite, Platform, []),
        (Permission.OrganisationRead, Tenants,
            [Role.Developer, Role.Finance, Role.ConductOfficer, Role.Approver, Role.AppealDecider, Role.Auditor, Role.Support, Role.ResellerAdmin, Role.CustomerAdmin]),
        (Permission.OwnershipRead, Platform, [Role.ConductOfficer, Role.Approver, Role.AppealDecider, Role.Auditor]),
        (Permission.OwnershipWrite, Platform, [Role.ConductOfficer]),
        (Permission.UpstreamRead, Platform, [Role.Developer, Role.Auditor, Role.Support]),
        (Permission.UpstreamWrite, Platform, []),
        (Permission.ModelRead, Platform, [Role.Developer, Role.Finance, Role.ConductOfficer, Role.Approver, Role.AppealDecider, Role.Auditor, Role.Support]),
        (Permission.QuotaRead, Tenants, [Role.Developer, Role.Finance, Role.Auditor, Role.Support, Role.ResellerAdmin, Role.CustomerAdmin]),
        (Permission.QuotaWrite, Platform, [Role.Support]),
        (Permission.BudgetRead, Platform, [Role.Developer, Role.Finance, Role.Auditor, Role.Support]),
        (Permission.BudgetWrite, Platform, [Role.Finance]),
        (Permission.NodeRead, Platform, [Role.Developer, Role.Auditor, Role.Support]),
        (Permission.NodeWrite, Platform, []),
        (Permission.AdmissionRead, Platform, [Role.Developer, Role.ConductOfficer, Role.Approver, Role.AppealDecider, Role.Auditor, Role.Support]),
        (Permission.MarketRead, Platform, [Role.Developer, Role.ConductOfficer, Role.Approver, Role.AppealDecider, Role.Auditor, Role.Support]),
        (Permission.TermsRead, Tenants, [Role.Developer, Role.ConductOfficer, Role.Approver, Role.AppealDecider, Role.Auditor, Role.Support, Role.ResellerAdmin, Role.CustomerAdmin]),
        (Permission.TermsAccept, Tenants, [Role.CustomerAdmin]),
        (Permission.MeasureRead, Platform, [Role.ConductOfficer, Role.Approver, Role.AppealDecider, Role.Auditor]),
        (Permission.MeasurePropose, Platform, [Role.ConductOfficer]),
        (Permission.MeasureApprove, Platform, [Role.Approver]),
        (Permission.MeasureReject, Platform, [Role.ConductOfficer, Role.Approver]),
        (Permission.MeasureSuspend, Platform, [Role.ConductOfficer]),
        (Permission.MeasureLift, Platform, [Role.ConductOfficer]),
        (Permission.MeasureDecide, Platform, [Role.ConductOfficer]),
        (Permission.AppealRead, Platform, [Role.ConductOfficer, Role.Approver, Role.AppealDecider, Role.Auditor]),
        (Permission.AppealDecide, Platform, [Role.AppealDecider]),
        (Permission.StandingRead, Tenants, [Role.Developer, Role.ConductOfficer, Role.Approver, Role.AppealDecider, Role.Auditor, Role.Support, Role.ResellerAdmin, Role.CustomerAdmin]),
        (Permission.UsageRead, Tenants, [Role.Developer, Role.Finance, Role.ConductOfficer, Role.Auditor, Role.Support, Role.ResellerAdmin, Role.CustomerAdmin]),
        (Permission.UsageWrite, Platform, [Role.Finance]),
        (Permission.InvoiceRead, Tenants, [Role.Finance, Role.Auditor, Role.ResellerAdmin, Role.CustomerAdmin]),
        (Permission.StatementRead, Tenants, [Role.Finance, Role.Auditor, Role.ResellerAdmin, Role.CustomerAdmin]),
        (Permission.SettlementRead, Platform, [Role.Finance, Role.Auditor]),
        (Permission.SettlementWrite, Platform, [Role.Finance]),
        (Permission.ExportRead, Platform, [Role.Finance, Role.Auditor]),
        (Permission.ExportWrite, Platform, [Role.Finance]),
        (Permission.LedgerRead, Platform, [Role.Finance, Role.Auditor]),
        (Permission.PeriodClose, Platform, [Role.Finance]),
        (Permission.PriceRead, Platform, [Role.Developer, Role.Finance, Role.Auditor, Role.Support]),
        (Permission.PriceWrite, Platform, [Role.Finance]),
        (Permission.CostRead, Platform, [Role.Finance, Role.Auditor]),
        (Permission.WorldApply, Platform, []),
        (Permission.AuditRead, Platform, [Role.Auditor]),
        (Permission.NoticeRead, Tenants, [Role.Auditor, Role.Support, Role.CustomerAdmin]),
        (Permission.NoticeWrite, Tenants, [Role.Support, Role.CustomerAdmin]),
        (Permission.UserRead, Tenants, [Role.Auditor, Role.ResellerAdmin, Role.CustomerAdmin]),
        (Permission.UserWrite, Tenants, [Role.ResellerAdmin, Role.CustomerAdmin]),
        (Permission.InvoiceCredit, Platform, [Role.Finance]),
        (Permission.InvoiceSend, Platform, [Role.Finance, Role.Support]),
        (Permission.PaymentRead, Tenants, [Role.Finance, Role.Auditor, Role.CustomerAdmin]),
        (Permission.PaymentRecord, Platform, [Role.Finance]),
        (Permission.DisputeRead, Tenants, [Role.Finance, Role.Auditor, Role.Support, Role.ResellerAdmin, Role.CustomerAdmin]),
        (Permission.DisputeOpen, Tenants, [Role.Finance, Role.CustomerAdmin]),
        (Permission.DisputeResolve, Platform, [Role.Finance]),
        (Permission.CaseRead, Tenants, [Role.ConductOfficer, Role.Approver, Role.AppealDecider, Role.Auditor, Role.ResellerAdmin, Role.CustomerAdmin]),
        (Permission.CaseWrite, Platform, [Role.ConductOfficer]),
        (Permission.CaseApprove, Platform, [Role.Approver]),
        (Permission.CaseAnswer, Tenants, [Role.ResellerAdmin, Role.CustomerAdmin]),
        (Permission.CaseAppeal, Tenants, [Role.CustomerAdmin]),
        (Permission.InsightRead, Platform, [Role.Finance, Role.Auditor]),
        (Permission.InsightWrite, Platform, [Role.Finance]),
        (Permission.BackupCreate, Platform, []),
        (Permission.RetentionRead, Platform, [Role.Auditor, Role.Support]),
        (Permission.RetentionWrite, Platform, []),
        (Permission.DataErase, Platform, []),
        (Permission.FileRead, Platform, [Role.Auditor, Role.Support]),
        (Permission.FileErase, Platform, []),
        (Permission.BatchRead, Platform, [Role.Developer, Role.Auditor, Role.Support]),
        (Permission.BatchCancel, Platform, [Role.Support]),
        (Permission.ResponseCacheRead, Platform, [Role.Developer, Role.Auditor, Role.Support]),
        (Permission.ResponseCacheErase, Platform, [Role.Support]),
    ];

    private static readonly FrozenDictionary<Permission, (bool ForTenants, FrozenSet<Role> Roles)> Rows =
        Table.ToFrozenDictionary(static row => row.Permission, static row => (row.ForTenants, row.Roles.Append(Role.Owner).ToFrozenSet()));

    /// <summary>All permissions, in the order of the table.</summary>
    public static IReadOnlyList<Permission> Permissions { get; } = [.. Table.Select(static row => row.Permission)];

    /// <summary>A permission as it is written: <c>key.read</c>.</summary>
    public static string NameOf(Permission permission)
    {
        var words = EnumWords.Of(permission);
        var last = words.LastIndexOf('_');
        return string.Concat(words.AsSpan(0, last), ".", words.AsSpan(last + 1));
    }

    /// <summary>Can a tenant, which is a customer or a channel, have it for what is its own?</summary>
    public static bool IsForTenants(Permission permission) => Rows[permission].ForTenants;

    /// <summary>Does a role permit this, over its scope?</summary>
    public static bool Allows(Role role, Permission permission) => Rows[permission].Roles.Contains(role);

    /// <summary>Does a grant permit this, within its scope?</summary>
    public static bool Allows(Grant grant, Permission permission)
    {
        ArgumentNullException.ThrowIfNull(grant);
        return Allows(grant.Role, permission) && (grant.Scope.Kind == ScopeKind.Platform || IsForTenants(permission));
    }

    /// <summary>Over what kinds of scope a role may be given.</summary>
    public static IReadOnlyList<ScopeKind> ScopesOf(Role role) => role switch
    {
        Role.Owner or Role.ConductOfficer or Role.Approver or Role.AppealDecider => [ScopeKind.Platform],
        Role.ResellerAdmin => [ScopeKind.Channel],
        Role.CustomerAdmin => [ScopeKind.Organisation],
        _ => [ScopeKind.Platform, ScopeKind.Organisation, ScopeKind.Channel],
    };

    /// <summary>Must a person with this role sign in with a second factor before anything else?</summary>
    public static bool NeedsSecondFactor(Role role) => role is Role.Owner or Role.Finance or Role.Approver or Role.ConductOfficer or Role.AppealDecider;
}
