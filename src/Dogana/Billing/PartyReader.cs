using Dogana.Parties;
using Dogana.Storage;

namespace Dogana.Billing;

/// <summary>Reads the parties in the transaction that bills them: a name or a seller that changes meanwhile is either before or after.</summary>
public delegate Task<PartyTable> PartyReader(StoreSession session);
