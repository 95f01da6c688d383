namespace Dogana.Authority;

/// <summary>
/// What an endpoint of the admin API asks of whoever calls it: a group of objects and what is done to them, written <c>key.read</c>. Who has which is
/// <see cref="RoleMatrix"/>.
/// </summary>
#pragma warning disable CA1711 // the word is what it is called everywhere; .NET keeps it for classes of code access security, which is gone
public enum Permission
#pragma warning restore CA1711
{
    /// <summary>List keys.</summary>
    KeyRead,

    /// <summary>Make and revoke keys.</summary>
    KeyWrite,

    /// <summary>List projects and their moves.</summary>
    ProjectRead,

    /// <summary>Move projects.</summary>
    ProjectWrite,

    /// <summary>List organisations.</summary>
    OrganisationRead,

    /// <summary>Read statements of ownership, rules of control and families.</summary>
    OwnershipRead,

    /// <summary>Take in statements of ownership.</summary>
    OwnershipWrite,

    /// <summary>List upstreams and the names of their keys.</summary>
    UpstreamRead,

    /// <summary>Add and remove upstream keys.</summary>
    UpstreamWrite,

    /// <summary>List models, their lives and their release waves.</summary>
    ModelRead,

    /// <summary>Read quotas, provisioned capacity and what limits hold and refuse.</summary>
    QuotaRead,

    /// <summary>Set and allot quotas.</summary>
    QuotaWrite,

    /// <summary>Read budgets and what is spent of them.</summary>
    BudgetRead,

    /// <summary>Set budgets, and add to prepaid ones.</summary>
    BudgetWrite,

    /// <summary>List the nodes.</summary>
    NodeRead,

    /// <summary>Forget nodes that are lost.</summary>
    NodeWrite,

    /// <summary>Ask whether a call would be served.</summary>
    AdmissionRead,

    /// <summary>Read market rules.</summary>
    MarketRead,

    /// <summary>Read terms and acceptances.</summary>
    TermsRead,

    /// <summary>Record acceptances.</summary>
    TermsAccept,

    /// <summary>Read measures.</summary>
    MeasureRead,

    /// <summary>Propose measures.</summary>
    MeasurePropose,

    /// <summary>Approve measures that somebody else proposed.</summary>
    MeasureApprove,

    /// <summary>Reject proposals, or take the own one back.</summary>
    MeasureReject,

    /// <summary>Suspend a family alone, on a recorded ground.</summary>
    MeasureSuspend,

    /// <summary>Lift measures and release members.</summary>
    MeasureLift,

    /// <summary>Record what a channel's seller decided.</summary>
    MeasureDecide,

    /// <summary>Read appeals.</summary>
    AppealRead,

    /// <summary>Decide appeals.</summary>
    AppealDecide,

    /// <summary>Read how organisations stand.</summary>
    StandingRead,

    /// <summary>Read usage records.</summary>
    UsageRead,

    /// <summary>Send usage that was counted outside, and take usage back.</summary>
    UsageWrite,

    /// <summary>Read invoices and rated lines.</summary>
    InvoiceRead,

    /// <summary>Read partner statements.</summary>
    StatementRead,

    /// <summary>Read payments between partners.</summary>
    SettlementRead,

    /// <summary>Record payments between partners.</summary>
    SettlementWrite,

    /// <summary>Read what was counted for marketplaces.</summary>
    ExportRead,

    /// <summary>Count hours for marketplaces, and keep what they answered.</summary>
    ExportWrite,

    /// <summary>Read balances and verify the books.</summary>
    LedgerRead,

    /// <summary>Close months.</summary>
    PeriodClose,

    /// <summary>Read price books, and by which price something is charged.</summary>
    PriceRead,

    /// <summary>Publish prices.</summary>
    PriceWrite,

    /// <summary>Read what upstreams charge, and compare their bills.</summary>
    CostRead,

    /// <summary>Apply world files.</summary>
    WorldApply,

    /// <summary>Read the audit log.</summary>
    AuditRead,

    /// <summary>Read notice targets and deliveries.</summary>
    NoticeRead,

    /// <summary>Change notice targets, retry and dismiss deliveries.</summary>
    NoticeWrite,

    /// <summary>List users.</summary>
    UserRead,

    /// <summary>Invite, disable and reset users, grant and revoke roles.</summary>
    UserWrite,

    /// <summary>Give back of invoices, and give up what is open of them.</summary>
    InvoiceCredit,

    /// <summary>Send final documents once more.</summary>
    InvoiceSend,

    /// <summary>Read payments and statements of account.</summary>
    PaymentRead,

    /// <summary>Record payments and refunds, and set them off.</summary>
    PaymentRecord,

    /// <summary>Read disputes about invoices.</summary>
    DisputeRead,

    /// <summary>Dispute invoices.</summary>
    DisputeOpen,

    /// <summary>Decide disputes.</summary>
    DisputeResolve,

    /// <summary>Read cases, signals and questions about the use of models.</summary>
    CaseRead,

    /// <summary>Work on cases: record signals, open, slow down, tell, propose.</summary>
    CaseWrite,

    /// <summary>Approve or reject what is proposed in a case.</summary>
    CaseApprove,

    /// <summary>Answer in a case, and say what models are used for.</summary>
    CaseAnswer,

    /// <summary>Appeal against a decision.</summary>
    CaseAppeal,

    /// <summary>Read reports on revenue, capacity and dependence.</summary>
    InsightRead,

    /// <summary>Rebuild what reports are made from, take in series, set guidance and alerts.</summary>
    InsightWrite,

    /// <summary>Take backups of the whole store.</summary>
    BackupCreate,

    /// <summary>Read for how long what is kept.</summary>
    RetentionRead,

    /// <summary>Set for how long what is kept.</summary>
    RetentionWrite,

    /// <summary>Erase texts and personal data of organisations and projects.</summary>
    DataErase,

    /// <summary>List the files of projects; not read them.</summary>
    FileRead,

    /// <summary>Erase a project's files and batches.</summary>
    FileErase,

    /// <summary>List batches.</summary>
    BatchRead,

    /// <summary>Take batches back.</summary>
    BatchCancel,

    /// <summary>Read how much response caches hold.</summary>
    ResponseCacheRead,

    /// <summary>Empty response caches.</summary>
    ResponseCacheErase,
}
