namespace Dogana;

/// <summary>Everything that is expected to go wrong. Persisted and sent by name; grows by appending.</summary>
public enum ProblemCode
{
    /// <summary>The body is not valid JSON, or not valid UTF-8.</summary>
    InvalidJson = 1,

    /// <summary>A field is missing, of the wrong type or out of range.</summary>
    InvalidRequest = 2,

    /// <summary>The body is larger than the endpoint's limit.</summary>
    BodyTooLarge = 3,

    /// <summary>The prompt and the output limit do not fit the model's context.</summary>
    ContextLengthExceeded = 4,

    /// <summary>No credential was sent.</summary>
    MissingKey = 5,

    /// <summary>The credential is unknown, wrong or malformed.</summary>
    InvalidKey = 6,

    /// <summary>The key was revoked or has expired.</summary>
    KeyRevoked = 7,

    /// <summary>The key may not do this.</summary>
    Forbidden = 8,

    /// <summary>The family's use of this owner's models is suspended.</summary>
    Suspended = 9,

    /// <summary>The model may not be served to this customer in this market.</summary>
    MarketNotSupported = 10,

    /// <summary>No such model or deployment for this project.</summary>
    ModelNotFound = 11,

    /// <summary>The model cannot do what the endpoint asks (a chat with an embedding model).</summary>
    OperationNotSupported = 12,

    /// <summary>No price is in force for this model and meter: refused, never served at 0.</summary>
    PriceUnknown = 13,

    /// <summary>No object has this name.</summary>
    NotFound = 14,

    /// <summary>The change contradicts what is there.</summary>
    Conflict = 15,

    /// <summary>The path or method does not exist.</summary>
    UnknownPath = 16,

    /// <summary>Too many calls are waiting.</summary>
    Busy = 17,

    /// <summary>The upstream refused the request as the caller's fault.</summary>
    UpstreamRejected = 18,

    /// <summary>The upstream failed or answered nonsense.</summary>
    UpstreamFailed = 19,

    /// <summary>The upstream did not answer in time.</summary>
    UpstreamTimeout = 20,

    /// <summary>The usage journal cannot be written: nothing is served unmetered.</summary>
    JournalUnavailable = 21,

    /// <summary>What this node knows is too old to decide by.</summary>
    StaleSnapshot = 22,

    /// <summary>The server is stopping.</summary>
    ShuttingDown = 23,

    /// <summary>A fault of Dogana's own.</summary>
    Internal = 24,

    /// <summary>The upstream refused this server's key: not the caller's doing.</summary>
    UpstreamKeyRefused = 25,

    /// <summary>More calls or tokens in a minute than the deployment allows a project.</summary>
    RateLimited = 26,

    /// <summary>A call with this <c>Idempotency-Key</c> was made before.</summary>
    IdempotencyConflict = 27,

    /// <summary>The upstream does not know what it was asked for: where the deployment points is wrong.</summary>
    UpstreamMisconfigured = 28,

    /// <summary>The model owner's terms had to be accepted, and are not.</summary>
    TermsNotAccepted = 29,

    /// <summary>The model owner's terms do not permit what the project uses models for.</summary>
    UseNotPermitted = 30,

    /// <summary>The model owner ended its business with the family.</summary>
    Terminated = 31,

    /// <summary>More requests or tokens than a measure of the model owner allows the family.</summary>
    MeasureLimited = 32,

    /// <summary>The call is made for an end customer that it does not name, or that nobody knows.</summary>
    EndCustomerRequired = 33,

    /// <summary>Whether the customer belongs to a family under a measure is not known, and the model is restricted.</summary>
    StandingUnknown = 34,

    /// <summary>The family has as many calls open on this node as one may have.</summary>
    FamilyBusy = 35,

    /// <summary>The e-mail address, password, code or identity is not one that may sign in.</summary>
    SignInFailed = 36,

    /// <summary>The password is right; the code of the second factor is missing.</summary>
    CodeRequired = 37,

    /// <summary>Too many failed attempts to sign in.</summary>
    TooManyAttempts = 38,

    /// <summary>The role needs a second factor that was not shown.</summary>
    SecondFactorRequired = 39,

    /// <summary>The identity provider does not answer, or not as OpenID Connect has it.</summary>
    IdentityProviderFailed = 40,

    /// <summary>The key is not for such calls: a scope of it leaves them out.</summary>
    KeyScopeRefused = 41,

    /// <summary>The token is malformed, of no accepted issuer or audience, out of its time, or not signed by its issuer.</summary>
    TokenInvalid = 42,

    /// <summary>The token is good, and its claims name no project or several.</summary>
    TokenUnmapped = 43,

    /// <summary>Whether the token is good cannot be known: its issuer's keys could not be fetched.</summary>
    TokenKeysUnavailable = 44,

    /// <summary>The model retired and is no longer served.</summary>
    ModelRetired = 46,

    /// <summary>So many calls wait for the upstream that this one may not wait too.</summary>
    QueueFull = 47,

    /// <summary>The call waited for a place at the upstream for as long as it may.</summary>
    QueueTimeout = 48,

    /// <summary>The call could cost more than what is left of its organisation's budget.</summary>
    OrganisationSpendLimit = 54,

    /// <summary>The call could cost more than what is left of its project's budget.</summary>
    ProjectSpendLimit = 55,

    /// <summary>The call could cost more than what is left of its key's budget.</summary>
    KeySpendLimit = 56,

    /// <summary>The call is priced in another currency than a budget that it counts against.</summary>
    BudgetCurrency = 57,

    /// <summary>The store does not answer, and what is left of a limit is not known.</summary>
    LimitsUnknown = 50,

    /// <summary>A deployment with capacity of its own is used to more than 100 %.</summary>
    CapacityExceeded = 58,

    /// <summary>No exchange rate between two currencies is in force.</summary>
    ExchangeRateUnknown = 45,
    /// <summary>A final document cannot be shown in the wanted form.</summary>
    DocumentNotRenderable = 60,

    /// <summary>More than what is left of an invoice, a payment or an account.</summary>
    AmountExceedsRest = 61,
    /// <summary>Another usage event with the same source and id was sent before.</summary>
    UsageConflict = 52,

    /// <summary>No meter counts events of this type.</summary>
    MeterUnknown = 53,

    /// <summary>The usage event's time is ahead of the clock.</summary>
    UsageFromFuture = 59,

    /// <summary>The conduct case's state does not allow it.</summary>
    CaseStateRefused = 62,

    /// <summary>Somebody who took part already may not do this step: it takes another person.</summary>
    AnotherPersonNeeded = 63,

    /// <summary>The evidence of a case is frozen, full, or erased.</summary>
    EvidenceClosed = 64,

    /// <summary>The audit log, a checkpoint of it or the key of these was changed by hand: nothing is signed or proved on it.</summary>
    AuditDamaged = 68,

    /// <summary>There are no final documents that a report could be about.</summary>
    NothingInvoiced = 73,

    /// <summary>A series has too few values for what is asked of it.</summary>
    SeriesTooShort = 74,

    /// <summary>An alert's measure cannot be taken.</summary>
    MeasureUnknown = 75,

    /// <summary>A backup's file is cut, changed, or no backup at all.</summary>
    BackupDamaged = 84,

    /// <summary>The project keeps no such response.</summary>
    ResponseNotFound = 86,

    /// <summary>The response that a call goes on from is not kept.</summary>
    PreviousResponseNotFound = 87,

    /// <summary>The content filter withholds the prompt.</summary>
    ContentFiltered = 80,

    /// <summary>The content filter could not look, and its policy lets nothing pass that was not looked at.</summary>
    FilterUnavailable = 81,

    /// <summary>The project keeps no text here: <c>store_answers</c> is off, or the model's terms forbid it.</summary>
    StorageNotEnabled = 76,

    /// <summary>The project's files are as large, or as many, as they may be.</summary>
    ProjectStorageFull = 77,

    /// <summary>A file is read by something that is not done.</summary>
    FileInUse = 78,

    /// <summary>The answer to a batch's line could not be put into the store: the call is not charged, and made again.</summary>
    AnswerNotKept = 79,
}
