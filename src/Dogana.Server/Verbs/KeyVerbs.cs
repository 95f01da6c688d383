using System.CommandLine;
using Dogana.Client;

namespace Dogana.Server.Verbs;

/// <summary><c>dogana key</c>: keys for projects and for the admin API.</summary>
internal static class KeyVerbs
{
    public static Command Create()
    {
        var id = new Argument<string>("id") { Description = "Its id." };
        var project = new Option<string?>("--project") { Description = "The project that the key calls models for." };
        var admin = new Option<bool>("--admin") { Description = "Make an admin key instead." };
        var name = new Option<string>("--name") { Description = "For people.", DefaultValueFactory = static _ => "unnamed" };
        var endCustomer = new Option<string?>("--end-customer") { Description = "The only end customer that it calls for, where the project resells." };
        var days = new Option<int?>("--days") { Description = "The key ends by itself after so many days." };
        var role = new Option<string[]>("--role") { Description = "What an admin key may; several times for several. An owner when left out." };
        var (organisation, channel) = (GrantOptions.Organisation(), GrantOptions.Channel());
        var create = AdminVerb.Create(
            "create", "Makes a key and prints its text, this once.\n\nExamples:\n  dogana key create --project acme-shop --name laptop\n  dogana key create --admin --name ops --days 90\n  dogana key create --admin --name reports --role finance --role auditor --days 90",
            [project, admin, name, endCustomer, days, role, organisation, channel],
            (client, parsed, cancellation) => client.CreateKeyAsync(
                new NewKeyRequest(
                    parsed.GetValue(name)!,
                    parsed.GetValue(admin) ? "admin" : "project",
                    parsed.GetValue(project),
                    parsed.GetValue(days) is { } count ? TimeProvider.System.GetUtcNow().AddDays(count) : null,
                    parsed.GetValue(endCustomer))
                {
                    Grants = [.. (parsed.GetValue(role) ?? []).Select(item => new GrantRecord(item, GrantOptions.Scope(parsed, organisation, channel)))],
                },
                cancellation),
            static (made, output) =>
            {
                output.WriteLine(made.Text);
                output.WriteLine($"This is the {made.Key.Kind} key {made.Key.Id}. Keep it now: it is not shown again.");
            },
            mayCreate: true);
        create.Validators.Add(result =>
        {
            var hasRole = result.GetValue(role) is { Length: > 0 };
            if (hasRole ? !result.GetValue(admin) : result.GetValue(organisation) is not null || result.GetValue(channel) is not null)
            {
                result.AddError("--role is for admin keys, and --organisation and --channel say over what a role holds.");
            }

            if (result.GetValue(project) is null == !result.GetValue(admin))
            {
                result.AddError("Give --project PROJECT for a key that calls models, or --admin for one that uses the admin API.");
            }
        });
        var list = AdminVerb.Create(
            "list", "Lists all keys, without their texts.", [],
            static (client, _, cancellation) => client.ListKeysAsync(cancellation),
            static (keys, output) =>
            {
                var table = new TextTable("id", "kind", "project", "end customer", "name", "roles", "created", "state");
                foreach (var key in keys)
                {
                    table.Add(key.Id, key.Kind, key.Project ?? "-", key.EndCustomer ?? "-", key.Name, key.Grants.Count == 0 ? "-" : string.Join(' ', key.Grants.Select(static grant => $"{grant.Role}@{grant.Scope}")), AdminTables.Day(key.CreatedAt), key.RevokedAt is null ? "live" : "revoked " + AdminTables.Day(key.RevokedAt.Value));
                }

                table.Write(output);
            });
        var revoke = AdminVerb.Create(
            "revoke", "Revokes a key, everywhere within a second.\n\nExample:\n  dogana key revoke 1f0c9a7b3d52", [id],
            (client, parsed, cancellation) => client.RevokeKeyAsync(parsed.GetValue(id)!, cancellation),
            static (key, output) => output.WriteLine($"The key {key.Id} is revoked."));
        return AdminVerb.Noun("key", "Keys for projects and for the admin API.", create, list, revoke);
    }
}
