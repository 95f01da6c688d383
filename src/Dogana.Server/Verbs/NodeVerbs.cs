using System.CommandLine;
using System.Globalization;
using Dogana.Client;

namespace Dogana.Server.Verbs;

/// <summary><c>dogana node</c>: the processes that serve on the store.</summary>
internal static class NodeVerbs
{
    public static Command Create() => AdminVerb.Noun("node", "The processes that serve on the store.", List(), Forget());

    private static Command List()
    {
        var (limit, after) = (PageOptions.Limit(), PageOptions.After());
        return AdminVerb.Create(
            "list", "Lists the nodes, and what they hold of budgets.\n\nExample:\n  dogana node list", [limit, after],
            (client, parsed, cancellation) => client.ListNodesAsync(parsed.GetValue(after), parsed.GetValue(limit), cancellation),
            static (page, output) =>
            {
                var table = new TextTable("name", "state", "life>", "version", "started", "seen", "shipped", "holds");
                foreach (var item in page.Data)
                {
                    table.Add(
                        item.Name, item.State, item.Life.ToString(CultureInfo.InvariantCulture), item.Version, item.StartedAt.ToString("u", CultureInfo.InvariantCulture),
                        item.SeenAt.ToString("u", CultureInfo.InvariantCulture), item.Shipped ?? "-", Holds(item));
                }

                table.Write(output);
                PageOptions.WriteNext(page.Next, output);
            });
    }

    private static Command Forget()
    {
        var name = new Argument<string>("name") { Description = "The node." };
        var force = new Option<bool>("--force")
        {
            Description = "Also where it was heard of in the last 30 s. It may be serving: calls that are open there may spend again what is charged now, until it notices and begins a new life.",
        };
        return AdminVerb.Create(
            "forget",
            "Gives a lost node up: what it held of budgets is charged, as if it had used it all. Should it come back, its journal says what it did use, and that counts.\n\n"
            + "Example:\n  dogana node forget node-1f2e3d4c5b6a",
            [name, force],
            (client, parsed, cancellation) => client.ForgetNodeAsync(parsed.GetValue(name)!, parsed.GetValue(force), cancellation),
            static (node, output) => output.WriteLine($"{node.Name} is forgotten. Charged for it: {Holds(node)}."));
    }

    private static string Holds(NodeRecord node) =>
        node.Holds.Count == 0 ? "nothing" : string.Join("; ", node.Holds.Select(static hold => $"{hold.Budget} {hold.Window} {hold.Amount} {hold.Currency}"));
}
