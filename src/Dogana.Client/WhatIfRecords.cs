namespace Dogana.Client;

/// <summary>A scenario as it was written.</summary>
/// <param name="File">What faults call it.</param>
/// <param name="Text">YAML, or JSON, which is YAML too.</param>
public sealed record WhatIfFile(string File, string Text);

/// <summary>Scenarios to be set beside one baseline. All of them look as many months ahead.</summary>
/// <param name="Scenarios">0 to 10; none where only the baseline is wanted.</param>
public sealed record WhatIfRequest(IReadOnlyList<WhatIfFile> Scenarios);

/// <summary>What would be, beside what is expected. Amounts are decimal text in the basis' currency, in whole minor units.</summary>
/// <param name="Basis">What is known: the months that expectations are made of.</param>
/// <param name="From">The first month that is looked at, as <c>2026-01</c>: the one after the last that is known.</param>
/// <param name="To">The last one.</param>
/// <param name="Seed">What chance came from; baseline and scenarios have the same.</param>
/// <param name="Parts">What was forecast by itself, the block of all others last.</param>
/// <param name="Assumptions">How the baseline was made, in sentences.</param>
/// <param name="Baseline">What is expected if nothing changes.</param>
/// <param name="Scenarios">What would be, in the order of the files.</param>
public sealed record WhatIfReport(
    InsightBasis Basis, string From, string To, int Seed, IReadOnlyList<WhatIfPartRecord> Parts, IReadOnlyList<string> Assumptions, WhatIfOutlookRecord Baseline,
    IReadOnlyList<WhatIfScenarioRecord> Scenarios);

/// <summary>What was forecast by itself.</summary>
/// <param name="Family">The family; null for the block of all others.</param>
/// <param name="Families">How many: one, or those of the block.</param>
/// <param name="Method">The method.</param>
/// <param name="Expected">What it is expected to bring in all months together.</param>
public sealed record WhatIfPartRecord(string? Family, int Families, string Method, string Expected);

/// <summary>A scenario and what it does.</summary>
/// <param name="Name">Its name.</param>
/// <param name="File">The file it was read from.</param>
/// <param name="Changes">What changes, a sentence for each, in the order in which it was reckoned.</param>
/// <param name="Assumptions">What was taken to be so, in sentences.</param>
/// <param name="Outlook">What would be.</param>
/// <param name="Difference">Of all months together, scenario less baseline.</param>
/// <param name="Commitments">The contracts of all whose use changes, and what of them still holds; those with most left first.</param>
public sealed record WhatIfScenarioRecord(
    string Name, string File, IReadOnlyList<string> Changes, IReadOnlyList<string> Assumptions, WhatIfOutlookRecord Outlook, WhatIfFiguresRecord Difference,
    IReadOnlyList<WhatIfCommitmentRecord> Commitments);

/// <summary>What is to come, whole: of the baseline or of a scenario.</summary>
/// <param name="Sum">All months together.</param>
/// <param name="Months">Month by month.</param>
/// <param name="Shares">What legs of share agreements give.</param>
/// <param name="Pools">What of capacity pools is used and what stands idle.</param>
/// <param name="Concentration">How far revenue depends on few families, all months together.</param>
/// <param name="Guidance">How likely guidance is met that was given for whole quarters in these months.</param>
/// <param name="Committed">What all contracts have customers pay whatever they use, from the first month on and beyond the last.</param>
public sealed record WhatIfOutlookRecord(
    WhatIfFiguresRecord Sum, IReadOnlyList<WhatIfMonthRecord> Months, IReadOnlyList<WhatIfLegRecord> Shares, IReadOnlyList<WhatIfPoolRecord> Pools,
    WhatIfConcentrationRecord Concentration, IReadOnlyList<WhatIfGuidanceRecord> Guidance, string Committed);

/// <summary>Revenue, cost and what is left.</summary>
/// <param name="Revenue">All of it.</param>
/// <param name="Minimums">Of it, what is charged because of a minimum or a fee and not of use; only what a scenario brings about.</param>
/// <param name="Placed">Of it, what capacity brings that was freed and placed elsewhere.</param>
/// <param name="Cost">What upstreams charge; it moves with use.</param>
/// <param name="PoolCost">Capital and running cost of capacity pools; it stays.</param>
/// <param name="Margin">Revenue less both costs, before shares of partners.</param>
public sealed record WhatIfFiguresRecord(string Revenue, string Minimums, string Placed, string Cost, string PoolCost, string Margin);

/// <summary>A month's figures.</summary>
/// <param name="Month">As <c>2026-01</c>.</param>
/// <param name="Figures">The figures.</param>
public sealed record WhatIfMonthRecord(string Month, WhatIfFiguresRecord Figures);

/// <summary>What a leg of a share agreement gives.</summary>
/// <param name="Agreement">The agreement.</param>
/// <param name="Leg">The leg.</param>
/// <param name="Payer">Who owes.</param>
/// <param name="Payee">Whom.</param>
/// <param name="Basis">Of what, all months together.</param>
/// <param name="Share">What is owed, all months together; true-ups of minimum guarantees are not in it.</param>
/// <param name="Cap">The most that it gives in its life, in the leg's currency; null for no bound.</param>
/// <param name="CapLeft">What is left of it after the last month, likewise.</param>
/// <param name="CapReached">The month in which nothing of it is left, as <c>2026-01</c>; the last known month where that was so before; null where it is not within these months.</param>
/// <param name="Months">Month by month.</param>
public sealed record WhatIfLegRecord(
    string Agreement, string Leg, string Payer, string Payee, string Basis, string Share, string? Cap, string? CapLeft, string? CapReached, IReadOnlyList<WhatIfLegMonthRecord> Months);

/// <summary>A leg's month.</summary>
/// <param name="Month">As <c>2026-01</c>.</param>
/// <param name="Basis">Of what.</param>
/// <param name="Share">What is owed of it.</param>
public sealed record WhatIfLegMonthRecord(string Month, string Basis, string Share);

/// <summary>What becomes of a capacity pool.</summary>
/// <param name="Pool">The pool.</param>
/// <param name="Tokens">What it serves, all months together, what was placed elsewhere included.</param>
/// <param name="IdleShare">The part of its capacity that stands idle, 0 to 1, the mean of all months; of what the baseline uses where its capacity is not known.</param>
/// <param name="IdleCost">That part of its cost.</param>
/// <param name="Placed">What placing freed capacity elsewhere brings.</param>
/// <param name="Months">Month by month.</param>
public sealed record WhatIfPoolRecord(string Pool, long Tokens, double IdleShare, string IdleCost, string Placed, IReadOnlyList<WhatIfPoolMonthRecord> Months);

/// <summary>A pool's month.</summary>
/// <param name="Month">As <c>2026-01</c>.</param>
/// <param name="Tokens">What it serves.</param>
/// <param name="PlacedTokens">Of them, what was freed and placed elsewhere.</param>
/// <param name="IdleShare">As for the whole.</param>
/// <param name="IdleCost">Likewise.</param>
public sealed record WhatIfPoolMonthRecord(string Month, long Tokens, long PlacedTokens, double IdleShare, string IdleCost);

/// <summary>How far revenue depends on few families.</summary>
/// <param name="Largest">The largest family; null where nobody brings anything.</param>
/// <param name="Cr1">Its share, 0 to 1.</param>
/// <param name="Cr5">The share of the five largest.</param>
/// <param name="Cr10">The share of the ten largest.</param>
/// <param name="Index">The Herfindahl-Hirschman index, 0 to 10,000.</param>
/// <param name="EffectiveParties">1/Σ s².</param>
public sealed record WhatIfConcentrationRecord(string? Largest, double Cr1, double Cr5, double Cr10, double Index, double EffectiveParties);

/// <summary>A quarter against its guidance, by outcomes that are drawn alike for the baseline and every scenario.</summary>
/// <param name="Series">The own series.</param>
/// <param name="Quarter">As <c>2026Q1</c>.</param>
/// <param name="Low">The least that was said.</param>
/// <param name="High">The most.</param>
/// <param name="Source">Who said so.</param>
/// <param name="Expected">The mean of the outcomes.</param>
/// <param name="ToMeet">The probability of the least or more, 0 to 1.</param>
/// <param name="ToExceed">The probability of more than the most.</param>
public sealed record WhatIfGuidanceRecord(string Series, string Quarter, string Low, string High, string Source, string Expected, double ToMeet, double ToExceed);

/// <summary>A contract, and what of it still holds.</summary>
/// <param name="Contract">The contract.</param>
/// <param name="Organisation">The customer.</param>
/// <param name="Channel">The channel.</param>
/// <param name="BindsUntil">The first instant at which it no longer binds, if nothing changes.</param>
/// <param name="Remaining">What it has the customer pay in any case until then, if nothing changes.</param>
/// <param name="Holds">What of that still holds.</param>
/// <param name="Charged">What is charged in these months because of it and not of use.</param>
/// <param name="Rule">Why, in a sentence.</param>
public sealed record WhatIfCommitmentRecord(
    string Contract, string Organisation, string Channel, DateTimeOffset BindsUntil, string Remaining, string Holds, string Charged, string Rule);

/// <summary>Scenarios without a fault.</summary>
/// <param name="Scenarios">In the order of the files.</param>
public sealed record WhatIfCheckRecord(IReadOnlyList<WhatIfCheckedRecord> Scenarios);

/// <summary>A scenario without a fault.</summary>
/// <param name="File">The file.</param>
/// <param name="Name">Its name.</param>
/// <param name="Months">How many months ahead it looks.</param>
/// <param name="Changes">What changes, in sentences.</param>
public sealed record WhatIfCheckedRecord(string File, string Name, int Months, IReadOnlyList<string> Changes);
