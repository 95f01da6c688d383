namespace Dogana.Client;

/// <summary>A statement about who stands behind whom.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Subject">Whom it is about.</param>
/// <param name="InterestedParty">Who holds the interest; null where nobody knows.</param>
/// <param name="Interest"><c>shareholding</c>, <c>voting_rights</c>, <c>control</c>, <c>agent</c>, <c>reseller_of_record</c> or <c>end_customer_of</c>.</param>
/// <param name="ShareMin">At least this, in percent as decimal text; null for links.</param>
/// <param name="ShareMax">At most this, in percent as decimal text; null for links.</param>
/// <param name="From">From when; null for always.</param>
/// <param name="To">Until when; null for no end.</param>
/// <param name="Source">Where it comes from.</param>
public sealed record OwnershipStatementRecord(
    string Id, string Subject, string? InterestedParty, string Interest, string? ShareMin, string? ShareMax, DateTimeOffset? From, DateTimeOffset? To, string Source);

/// <summary>When one party controls another.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Owner">The model owner whose rule it is; null for all that have none.</param>
/// <param name="Threshold">In percent, as decimal text.</param>
/// <param name="Inclusive">Is the threshold itself enough?</param>
/// <param name="Aggregate">Are shares added up?</param>
/// <param name="Chain"><c>cascade</c> or <c>product</c>.</param>
/// <param name="Unknown"><c>include</c>, <c>exclude</c> or <c>review</c>.</param>
/// <param name="Links">Links that carry control.</param>
/// <param name="From">From when; null for always.</param>
/// <param name="To">Until when; null for no end.</param>
public sealed record ControlRuleRecord(
    string Id, string? Owner, string Threshold, bool Inclusive, bool Aggregate, string Chain, string Unknown, IReadOnlyList<string> Links,
    DateTimeOffset? From, DateTimeOffset? To);

/// <summary>A party's family by one rule at one instant.</summary>
/// <param name="Party">The party that was asked about.</param>
/// <param name="Family">The family's name in lists: the party at its top by the rule for all.</param>
/// <param name="At">The instant.</param>
/// <param name="Rule">The rule.</param>
/// <param name="Affiliates">The party itself and its affiliates, by id.</param>
public sealed record FamilyRecord(string Party, string Family, DateTimeOffset At, ControlRuleRecord Rule, IReadOnlyList<AffiliateRecord> Affiliates);

/// <summary>One party of a family.</summary>
/// <param name="Party">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Kind"><c>organisation</c>, <c>entity</c>, <c>person</c>, or <c>unknown</c> where nothing but its id is known.</param>
/// <param name="Certainty">What is known: <c>yes</c> or <c>unknown</c>.</param>
/// <param name="Counts">What the rule makes of it: <c>yes</c>, <c>no</c> or <c>unknown</c>.</param>
/// <param name="Why">The links from the party that was asked about to this one; null where they were not asked for.</param>
public sealed record AffiliateRecord(string Party, string Name, string Kind, string Certainty, string Counts, IReadOnlyList<ControlLinkRecord>? Why);

/// <summary>One step of control.</summary>
/// <param name="Controller">Who controls; several together have a plus between them.</param>
/// <param name="Controlled">Whom.</param>
/// <param name="Basis">By what, with the ids of the statements.</param>
/// <param name="Certainty"><c>yes</c> or <c>unknown</c>.</param>
public sealed record ControlLinkRecord(string Controller, string Controlled, string Basis, string Certainty);

/// <summary>What an import of ownership did, or would do.</summary>
/// <param name="Format"><c>bods</c>, <c>gleif</c> or <c>gleif-names</c>.</param>
/// <param name="DryRun">Was it only tried?</param>
/// <param name="Parties">Parties that are known from statements only.</param>
/// <param name="Statements">Statements.</param>
/// <param name="Skipped">What was left out, and why.</param>
public sealed record OwnershipImportReport(string Format, bool DryRun, ImportCounts Parties, ImportCounts Statements, IReadOnlyList<ImportSkip> Skipped);

/// <summary>How many of one sort.</summary>
/// <param name="Created">Were not there.</param>
/// <param name="Updated">Were there, and differed.</param>
/// <param name="Unchanged">Were there just so.</param>
public sealed record ImportCounts(long Created, long Updated, long Unchanged);

/// <summary>What an import left out.</summary>
/// <param name="Reason">Why.</param>
/// <param name="Count">How often.</param>
public sealed record ImportSkip(string Reason, long Count);
