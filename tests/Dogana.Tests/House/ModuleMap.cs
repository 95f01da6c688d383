using System.Collections.Frozen;

namespace Dogana.Tests.House;

/// <summary>
/// Who may call whom inside Dogana.dll. A module is a namespace <c>Dogana.&lt;Module&gt;</c>; only the types in that very namespace, its face, may
/// be used by other modules. A change of this file is a change of the architecture: docs/architecture.md changes with it.
/// </summary>
internal static class ModuleMap
{
    /// <summary>The modules in the order of a call's life, and the modules that each may call besides <see cref="Leaves"/>.</summary>
    public static FrozenDictionary<string, string[]> MayCall { get; } = new Dictionary<string, string[]>(StringComparer.Ordinal)
    {
        ["Parties"] = [],
        ["Catalog"] = ["Parties"],
        ["Markets"] = ["Parties", "Catalog"],
        ["Terms"] = ["Parties", "Catalog"],
        ["Conduct"] = ["Parties", "Catalog", "Terms"], // Terms: on what ground a case stands, and what a project declared
        ["Admission"] = ["Parties", "Catalog", "Markets", "Terms", "Conduct", "Rating", "Billing"], // prices: nothing is served without one
        ["Metering"] = ["Parties", "Catalog"], // Parties: whose an outside event is
        ["Responses"] = ["Parties"], // whether the project whose cache is asked for is there
        ["Rating"] = ["Catalog"],
        ["Ledger"] = [],
        ["Identity"] = ["Parties"],
        ["Access"] = ["Parties", "Catalog", "Metering", "Rating", "Ledger"],
        ["Limits"] = ["Parties", "Catalog", "Metering", "Rating", "Billing", "Access"], // Billing: the months of budgets; Access: whose a key with a budget is
        ["Billing"] = ["Parties", "Catalog", "Metering", "Rating", "Ledger"], // Catalog: the names of meters, on invoice lines
        ["Settlement"] = ["Parties", "Catalog", "Metering", "Billing", "Ledger", "Costs"], // Catalog: whose models a leg is about; Metering: units of rent and hours of exports; Costs: verified with all that counts money
        ["Costs"] = ["Parties", "Catalog", "Metering", "Rating", "Ledger"], // what upstreams charge for what was used
        ["Exports"] = ["Parties", "Catalog", "Metering", "Rating", "Ledger", "Billing", "Settlement"], // the same for other programs, read only
        ["Insight"] = ["Parties", "Catalog", "Metering", "Rating", "Ledger", "Billing", "Settlement", "Costs", "Exports"], // all that counts money, read only; Costs: margins; Exports: bills of others
        ["Filtering"] = [], // what is looked for in texts; whose policy it is, Parties and Catalog say by its id
        ["Files"] = [],
        ["Batches"] = ["Parties", "Metering", "Files"], // Metering: whether a line's call was charged
        ["Provenance"] = ["Parties", "Catalog"],
        ["Assistants"] = ["Catalog", "Access", "Provenance"],
        ["Switchover"] = ["Catalog", "Access", "Provenance"],
        ["Erasures"] = ["Parties"], // whose data: an organisation's projects
        ["Backups"] = ["Metering", "Ledger"], // the whole store as tables and rows; these two for how far nodes have shipped, and the end of the chain
        ["Apply"] = ["Admission", "Parties", "Catalog", "Markets", "Terms", "Conduct", "Rating", "Billing", "Settlement", "Access", "Limits", "Identity", "Insight", "Filtering"], // one file declares what all of these keep
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>What every module may call, and the leaves that each leaf may call itself.</summary>
    public static FrozenDictionary<string, string[]> Leaves { get; } = new Dictionary<string, string[]>(StringComparer.Ordinal)
    {
        ["Fingerprints"] = [],
        ["Notices"] = ["Storage", "Audit", "Protection", "Authority", "DataRetention"],
        ["Audit"] = ["Storage", "Authority", "Protection"], // Protection: the key that signs checkpoints
        ["DataRetention"] = ["Storage", "Audit", "Authority"], // what modules register that is erased by rule or by request
        ["Authority"] = ["Storage"],
        ["Protection"] = ["Storage"],
        ["Storage"] = [],
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>May a module call another one? The namespace <c>Dogana</c> itself is the module "": the words that all share.</summary>
    public static bool Allows(string from, string to)
    {
        if (from == to || to.Length == 0)
        {
            return true;
        }

        return Leaves.TryGetValue(from, out var ofLeaf)
            ? ofLeaf.Contains(to, StringComparer.Ordinal)
            : MayCall.TryGetValue(from, out var ofModule) && (Leaves.ContainsKey(to) || ofModule.Contains(to, StringComparer.Ordinal));
    }

    /// <summary>Does the map know this module?</summary>
    public static bool Knows(string module) => module.Length == 0 || MayCall.ContainsKey(module) || Leaves.ContainsKey(module);
}
