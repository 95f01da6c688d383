using Dogana.Client;

namespace Dogana.Server.Verbs;

/// <summary>A family in the DOT language of Graphviz.</summary>
internal static class FamilyGraph
{
    public static void Write(FamilyRecord family, TextWriter output)
    {
        output.WriteLine("digraph family {");
        output.WriteLine("  node [shape=box];");
        foreach (var item in family.Affiliates)
        {
            var style = item.Certainty == "yes" ? "" : ", style=dashed";
            output.WriteLine($"  {Quoted(item.Party)} [label={Quoted(item.Name)}{style}{(item.Party == family.Party ? ", penwidth=2" : "")}];");
        }

        // Several controllers together are an edge from each of them.
        var edges = family.Affiliates.SelectMany(static item => item.Why ?? []).Distinct()
            .SelectMany(static link => link.Controller.Split(" + ").Select(controller => (Controller: controller, Link: link)));
        foreach (var (controller, link) in edges)
        {
            output.WriteLine($"  {Quoted(controller)} -> {Quoted(link.Controlled)} [label={Quoted(link.Basis)}{(link.Certainty == "yes" ? "" : ", style=dashed")}];");
        }

        output.WriteLine("}");
    }

    // In a quoted text only the quote is escaped; a backslash would begin an escape of a label.
    private static string Quoted(string text) => $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
