namespace Dogana.Conduct;

/// <summary>Where a case stands in its life. Stored by name.</summary>
public enum CaseState
{
    /// <summary>It waits for an officer to look.</summary>
    Triage = 1,

    /// <summary>An officer looked, and there was nothing in it.</summary>
    Dismissed = 2,

    /// <summary>It is looked into; evidence is gathered.</summary>
    Open = 3,

    /// <summary>The customer was told and has time to answer and to put things right.</summary>
    Cure = 4,

    /// <summary>The time is over, or urgency left none: the officer weighs what came.</summary>
    Review = 5,

    /// <summary>A decision waits for another person.</summary>
    Proposed = 6,

    /// <summary>It is decided, and the customer can appeal.</summary>
    Decided = 7,

    /// <summary>The customer appealed.</summary>
    Appealed = 8,

    /// <summary>The decision was taken back: all is as it was before the case.</summary>
    Reinstated = 9,

    /// <summary>The appeal was refused: the decision stays.</summary>
    Upheld = 10,

    /// <summary>Nothing more happens.</summary>
    Closed = 11,
}

/// <summary>What a case ends in. Stored by name.</summary>
public enum CaseOutcome
{
    /// <summary>Nothing is done.</summary>
    NoAction = 1,

    /// <summary>A warning.</summary>
    Warning = 2,

    /// <summary>At most so many requests a minute, or tokens a day.</summary>
    Limited = 3,

    /// <summary>No call is served until it is lifted or ends.</summary>
    Suspended = 4,

    /// <summary>The business is ended.</summary>
    Terminated = 5,
}

/// <summary>Who does something in a case. Stored by name.</summary>
public enum CaseSide
{
    /// <summary>The model owner's people.</summary>
    Platform = 1,

    /// <summary>The customer that the case is about.</summary>
    Customer = 2,

    /// <summary>The seller of a channel on which the customer buys.</summary>
    Seller = 3,

    /// <summary>No person: a detector or a deadline.</summary>
    Automation = 4,
}

/// <summary>What happened in a case. Stored by name; grows by appending.</summary>
public enum CaseEventKind
{
    /// <summary>It came up, and waits for an officer.</summary>
    Triaged = 1,

    /// <summary>Nobody looked in time.</summary>
    Escalated = 2,

    /// <summary>An officer opened it.</summary>
    Opened = 3,

    /// <summary>An officer dismissed it.</summary>
    Dismissed = 4,

    /// <summary>Calls were slowed down for some hours.</summary>
    Throttled = 5,

    /// <summary>These hours are over.</summary>
    ThrottleEnded = 6,

    /// <summary>Calls were suspended at once, by one person, on a recorded ground.</summary>
    Held = 7,

    /// <summary>The customer was told, and the evidence frozen.</summary>
    Noticed = 8,

    /// <summary>The customer answered.</summary>
    Answered = 9,

    /// <summary>A channel's seller answered.</summary>
    SellerAnswered = 10,

    /// <summary>The customer was given more time.</summary>
    Extended = 11,

    /// <summary>The customer's time is over.</summary>
    CureEnded = 12,

    /// <summary>The owner took the notice back.</summary>
    Withdrawn = 13,

    /// <summary>A decision was proposed.</summary>
    Proposed = 14,

    /// <summary>The proposal was rejected.</summary>
    Rejected = 15,

    /// <summary>It was decided.</summary>
    Decided = 16,

    /// <summary>The customer appealed.</summary>
    Appealed = 17,

    /// <summary>The time to appeal is over.</summary>
    AppealWindowEnded = 18,

    /// <summary>The appeal was granted.</summary>
    Reinstated = 19,

    /// <summary>The appeal was refused.</summary>
    Upheld = 20,

    /// <summary>The owner lifted what was decided.</summary>
    Lifted = 21,

    /// <summary>It was closed.</summary>
    Closed = 22,

    /// <summary>A signal was added to it.</summary>
    SignalAdded = 23,

    /// <summary>What people wrote and what calls said was erased; the hashes stay.</summary>
    Erased = 24,
}
