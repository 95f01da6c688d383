using System.CommandLine;

namespace Dogana.Server.Verbs;

/// <summary><c>dogana org</c>: organisations and their families.</summary>
internal static class OrganisationVerbs
{
    public static Command Create() => AdminVerb.Noun("org", "Organisations and their families.", CreateList(), FamilyVerb.Create(), ImportVerb.Create());

    private static Command CreateList() => AdminVerb.Create(
        "list", "Lists the organisations.", [],
        static (client, _, cancellation) => client.ListOrganisationsAsync(cancellation),
        static (organisations, output) =>
        {
            var table = new TextTable("id", "family", "country", "time zone", "name");
            foreach (var item in organisations)
            {
                table.Add(item.Id, item.Family, item.Country, item.TimeZone, item.Name);
            }

            table.Write(output);
        });
}
