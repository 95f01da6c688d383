using System.CommandLine;

namespace Dogana.Server.Verbs;

/// <summary><c>dogana ledger</c>: the double-entry journal.</summary>
internal static class LedgerVerbs
{
    public static Command Create() => AdminVerb.Noun("ledger", "The double-entry journal.", AdminVerb.Create(
        "balances", "Prints every account's balance; above zero is debit.", [],
        static (client, _, cancellation) => client.ListBalancesAsync(cancellation),
        static (balances, output) =>
        {
            var table = new TextTable("book", "account", "party", "currency", "balance>");
            foreach (var item in balances)
            {
                table.Add(item.Book, item.Kind, item.Party, item.Currency, item.Amount);
            }

            table.Write(output);
        }));
}
