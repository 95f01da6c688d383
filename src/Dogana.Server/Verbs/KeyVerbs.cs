using System.CommandLine;
using System.Globalization;
using Dogana.Client;

namespace Dogana.Server.Verbs;

/// <summary><c>dogana key</c>: keys for projects and for the admin API.</summary>
internal static class KeyVerbs
{
    public static Command Create() => AdminVerb.Noun("key", "Keys for projects and for the admin API.", Make(), List(), Show(), Update(), Rotate(), Revoke());

    private static Command Make()
    {
        var project = new Option<string?>("--project") { Description = "The project that the key calls models for." };
        var admin = new Option<bool>("--admin") { Description = "Make an admin key instead." };
        var name = new Option<string>("--name") { Description = "For people.", DefaultValueFactory = static _ => "unnamed" };
        var endCustomer = new Option<string?>("--end-customer") { Description = "The only end customer that it calls for, where the project resells." };
        var role = new Option<string[]>("--role") { Description = "What an admin key may; several times for several. An owner when left out." };
        var (organisation, channel) = (GrantOptions.Organisation(), GrantOptions.Channel());
        var details = new KeyOptions();
        var create = AdminVerb.Create(
            "create",
            "Makes a key and prints its text, this once.\n\nExamples:\n  dogana key create --project acme-shop --name laptop\n"
            + "  dogana key create --project acme-shop --model clerk-1 --dialect openai --address 10.0.0.0/8 --country DE --tag team=search --days 90\n"
            + "  dogana key create --admin --name ops --days 90\n  dogana key create --admin --name reports --role finance",
            [project, admin, name, endCustomer, role, organisation, channel, .. details.All],
            (client, parsed, cancellation) => client.CreateKeyAsync(
                new NewKeyRequest(
                    parsed.GetValue(name)!,
                    parsed.GetValue(admin) ? "admin" : "project",
                    parsed.GetValue(project),
                    details.ExpiresAt(parsed),
                    parsed.GetValue(endCustomer),
                    parsed.GetValue(details.Owner),
                    KeyOptions.List(parsed, details.Models), KeyOptions.List(parsed, details.Dialects), KeyOptions.List(parsed, details.Countries),
                    KeyOptions.List(parsed, details.Addresses), KeyOptions.List(parsed, details.Tags))
                {
                    Grants = [.. (parsed.GetValue(role) ?? []).Select(item => new GrantRecord(item, GrantOptions.Scope(parsed, organisation, channel)))],
                },
                cancellation),
            static (made, output) => WriteNew(made, output),
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
        return create;
    }

    private static Command List() => AdminVerb.Create(
        "list", "Lists all keys, without their texts.\n\nExample:\n  dogana key list", [],
        static (client, _, cancellation) => client.ListKeysAsync(cancellation),
        static (keys, output) =>
        {
            var table = new TextTable("id", "kind", "project", "end customer", "name", "owner", "scope", "created", "last used", "state");
            foreach (var key in keys)
            {
                table.Add(
                    key.Id, key.Kind, key.Project ?? "-", key.EndCustomer ?? "-", key.Name, key.Owner ?? "-", Scope(key) is { Length: > 0 } scope ? scope : "-",
                    AdminTables.Day(key.CreatedAt), PageOptions.Day(key.LastUsedAt), State(key));
            }

            table.Write(output);
        });

    private static Command Show()
    {
        var id = Id();
        return AdminVerb.Create(
            "show", "Shows a key, without its text.\n\nExample:\n  dogana key show 1f0c9a7b3d52", [id],
            (client, parsed, cancellation) => client.GetKeyAsync(parsed.GetValue(id)!, cancellation), static (key, output) => WriteKey(key, output));
    }

    private static Command Update()
    {
        var (id, name) = (Id(), new Option<string?>("--name") { Description = "For people." });
        var never = new Option<bool>("--never-expires") { Description = "It does not end by itself." };
        var details = new KeyOptions();
        return AdminVerb.Create(
            "update", "Changes a key, everywhere within a second. What is not given stays; '*' alone takes a restriction away.\n\nExample:\n  dogana key update 1f0c9a7b3d52 --model clerk-1 --model use-lite --address '*'",
            [id, name, never, .. details.All],
            (client, parsed, cancellation) => client.UpdateKeyAsync(
                parsed.GetValue(id)!,
                new UpdateKeyRequest(
                    parsed.GetValue(name), details.ExpiresAt(parsed), parsed.GetValue(never), parsed.GetValue(details.Owner),
                    KeyOptions.List(parsed, details.Models), KeyOptions.List(parsed, details.Dialects), KeyOptions.List(parsed, details.Countries),
                    KeyOptions.List(parsed, details.Addresses), KeyOptions.List(parsed, details.Tags) is ["*"] ? [] : KeyOptions.List(parsed, details.Tags)),
                cancellation),
            static (key, output) => WriteKey(key, output));
    }

    private static Command Rotate()
    {
        var id = Id();
        var overlap = new Option<string?>("--overlap") { Description = "How long the old key goes on: 30m, 24h or 7d; 0 to 90d, 24h when left out." };
        var rotate = AdminVerb.Create(
            "rotate", "Makes a key's successor and prints its text, this once. The old key goes on until the overlap is over.\n\nExample:\n  dogana key rotate 1f0c9a7b3d52 --overlap 7d", [id, overlap],
            (client, parsed, cancellation) => client.RotateKeyAsync(parsed.GetValue(id)!, parsed.GetValue(overlap) is { } text ? Duration(text) : null, cancellation),
            static (made, output) => WriteNew(made, output));
        rotate.Validators.Add(result =>
        {
            if (result.GetValue(overlap) is { } text && Duration(text) is null)
            {
                result.AddError($"'{text}' is no overlap. Write 30m, 24h or 7d; 0 to 90d.");
            }
        });
        return rotate;
    }

    private static Command Revoke()
    {
        var id = Id();
        var reason = new Option<string?>("--reason") { Description = "rotated, unused, owner_left, leaked or terminated; the last two cut its open calls." };
        reason.AcceptOnlyFromAmong("rotated", "unused", "owner_left", "leaked", "terminated");
        return AdminVerb.Create(
            "revoke", "Revokes a key, everywhere within a second.\n\nExample:\n  dogana key revoke 1f0c9a7b3d52 --reason leaked", [id, reason],
            (client, parsed, cancellation) => client.RevokeKeyAsync(parsed.GetValue(id)!, parsed.GetValue(reason), cancellation),
            static (key, output) => output.WriteLine($"The key {key.Id} is revoked."));
    }

    private static Argument<string> Id() => new("id") { Description = "Its id." };

    private static void WriteNew(NewKeyRecord made, TextWriter output)
    {
        output.WriteLine(made.Text);
        output.WriteLine($"This is the {made.Key.Kind} key {made.Key.Id}. Keep it now: it is not shown again.");
    }

    private static void WriteKey(KeyRecord key, TextWriter output)
    {
        var table = new TextTable("key", key.Id);
        (string Name, string? Value)[] rows =
        [
            ("kind", key.Kind), ("project", key.Project), ("end customer", key.EndCustomer), ("name", key.Name), ("owner", key.Owner), ("models", Join(key.Models)),
            ("dialects", Join(key.Dialects)), ("countries", Join(key.Countries)), ("addresses", Join(key.Addresses)), ("tags", Join(key.Tags)), ("roles", Join(Roles(key))), ("line", key.Line),
            ("created", Instant(key.CreatedAt)), ("last used", Instant(key.LastUsedAt)), ("expires", Instant(key.ExpiresAt)), ("state", State(key)),
        ];
        foreach (var (name, value) in rows)
        {
            if (value is not null)
            {
                table.Add(name, value);
            }
        }

        table.Write(output);
    }

    private static IReadOnlyList<string>? Roles(KeyRecord key) => key.Grants.Count == 0 ? null : [.. key.Grants.Select(static grant => $"{grant.Role}@{grant.Scope}")];

    private static string Scope(KeyRecord key) => string.Join(
        "; ", new[] { ("models", key.Models), ("dialects", key.Dialects), ("countries", key.Countries), ("addresses", key.Addresses), ("tags", key.Tags), ("roles", Roles(key)) }
            .Where(static part => part.Item2 is not null).Select(static part => $"{part.Item1} {Join(part.Item2)}"));

    private static string State(KeyRecord key) => key.RevokedAt is { } at
        ? $"revoked {AdminTables.Day(at)}{(key.RevokedFor is null ? "" : $", {key.RevokedFor}")}"
        : key.ExpiresAt is not { } ends ? "live" : ends <= TimeProvider.System.GetUtcNow() ? "expired " + AdminTables.Day(ends) : "live until " + AdminTables.Day(ends);

    private static string? Join(IReadOnlyList<string>? list) => list is null ? null : string.Join(' ', list);

    private static string? Instant(DateTimeOffset? at) => at?.UtcDateTime.ToString("u", CultureInfo.InvariantCulture);

    // 90 days are the most that the server takes; the digits are bounded so that nothing overflows before it says so.
    private static TimeSpan? Duration(string text) =>
        text == "0" ? TimeSpan.Zero
        : text.Length is < 2 or > 7 || !int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? null
        : text[^1] switch
        {
            's' => TimeSpan.FromSeconds(number),
            'm' => TimeSpan.FromMinutes(number),
            'h' => TimeSpan.FromHours(number),
            'd' => TimeSpan.FromDays(number),
            _ => null,
        };
}
