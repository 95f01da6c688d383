using System.CommandLine;
using Dogana.Client;

namespace Dogana.Server.Verbs;

/// <summary><c>dogana user</c>: who can sign in, and with what roles.</summary>
internal static class UserVerbs
{
    public static Command Create() => AdminVerb.Noun(
        "user", "People who can sign in, and their roles.",
        Invite(), Accept(), List(), Show(), Grant(), Revoke(),
        Switch("disable", "Lets a user in no more: sessions end, and keys that the user made open nothing.", false),
        Switch("enable", "Lets a user in again.", true), Reset(), Enrol(), Confirm());

    public static Command CreateRole() => AdminVerb.Noun("role", "What roles permit.", AdminVerb.Create(
        "matrix", "Prints who may do what.\n\nExample:\n  dogana role matrix", [],
        static (client, _, cancellation) => client.ListRolesAsync(cancellation),
        static (roles, output) =>
        {
            var table = new TextTable(["permission", .. roles.Select(static role => role.Role)]);
            foreach (var permission in roles.SelectMany(static role => role.Permissions.Concat(role.TenantPermissions)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
            {
                table.Add([permission, .. roles.Select(role => role.Permissions.Contains(permission, StringComparer.Ordinal) ? "yes" : role.TenantPermissions.Contains(permission, StringComparer.Ordinal) ? "own" : "-")]);
            }

            table.Add(["(second factor)", .. roles.Select(static role => role.NeedsSecondFactor ? "yes" : "-")]);
            table.Write(output);
        }));

    private static Command Invite()
    {
        var email = Email();
        var (role, organisation, channel) = (RoleOption(), GrantOptions.Organisation(), GrantOptions.Channel());
        return AdminVerb.Create(
            "invite",
            "Invites somebody to a role and prints the invitation, this once: hand it to the person, who accepts it within 7 days.\n\nExamples:\n"
            + "  dogana user invite ana@example.com --role owner\n  dogana user invite bo@acme.example --role customer_admin --organisation acme",
            [email, role, organisation, channel],
            (client, parsed, cancellation) => client.InviteAsync(
                new InviteRequest(parsed.GetValue(email)!, parsed.GetValue(role)!, GrantOptions.Scope(parsed, organisation, channel)), cancellation),
            WriteInvitation);
    }

    private static Command Accept() => AdminVerb.Create(
        "accept",
        "Accepts an invitation. Reads the invitation and the password from DOGANA_INVITATION and DOGANA_PASSWORD, or a line each from standard input.\n\nExample:\n"
        + "  dogana user accept --url https://dogana.example.com", [],
        static async (client, _, cancellation) =>
        {
            var invitation = await PersonalText.ReadAsync("Invitation: ", "DOGANA_INVITATION", cancellation);
            var password = await PersonalText.ReadAsync("Password: ", "DOGANA_PASSWORD", cancellation);
            return await client.SignUpAsync(new SignUpRequest(invitation, password, Environment.GetEnvironmentVariable("DOGANA_CODE")), cancellation);
        },
        static (user, output) => output.WriteLine($"{user.Email} can sign in: dogana sign-in --email {user.Email}"), isForAnybody: true);

    private static Command List()
    {
        var (after, limit) = (PageOptions.After(), PageOptions.Limit());
        return AdminVerb.Create(
            "list", "Lists the users and their roles.\n\nExample:\n  dogana user list", [after, limit],
            (client, parsed, cancellation) => client.ListUsersAsync(parsed.GetValue(after), parsed.GetValue(limit), cancellation),
            static (page, output) =>
            {
                var table = new TextTable("e-mail", "state", "second factor", "roles");
                foreach (var user in page.Data)
                {
                    table.Add(user.Email, user.State, user.HasSecondFactor ? "yes" : "no", Text(user.Grants));
                }

                table.Write(output);
                PageOptions.WriteNext(page.Next, output);
            });
    }

    private static Command Show()
    {
        var email = Email();
        return AdminVerb.Create(
            "show", "Shows a user.\n\nExample:\n  dogana user show ana@example.com", [email],
            (client, parsed, cancellation) => client.GetUserAsync(parsed.GetValue(email)!, cancellation), Write);
    }

    private static Command Grant() => Change(
        "grant", "Gives a user a role, where the user has accepted one over the same.", static (client, email, grant, cancellation) => client.GrantAsync(email, grant, cancellation));

    private static Command Revoke() => Change(
        "revoke", "Takes a role away, from the next request on.", static (client, email, grant, cancellation) => client.RevokeGrantAsync(email, grant, cancellation));

    private static Command Change(string name, string description, Func<AdminClient, string, GrantRecord, CancellationToken, Task<UserRecord>> change)
    {
        var email = Email();
        var (role, organisation, channel) = (RoleOption(), GrantOptions.Organisation(), GrantOptions.Channel());
        return AdminVerb.Create(
            name, $"{description}\n\nExample:\n  dogana user {name} ana@example.com --role auditor", [email, role, organisation, channel],
            (client, parsed, cancellation) => change(
                client, parsed.GetValue(email)!, new GrantRecord(parsed.GetValue(role)!, GrantOptions.Scope(parsed, organisation, channel)), cancellation),
            Write);
    }

    private static Command Switch(string name, string description, bool enable)
    {
        var email = Email();
        return AdminVerb.Create(
            name, $"{description}\n\nExample:\n  dogana user {name} ana@example.com", [email],
            (client, parsed, cancellation) => client.EnableUserAsync(parsed.GetValue(email)!, enable, cancellation), Write);
    }

    private static Command Reset()
    {
        var email = Email();
        return AdminVerb.Create(
            "reset", "Takes password, second factor and sessions away and prints an invitation, this once, by which the user chooses a new password.\n\nExample:\n  dogana user reset ana@example.com", [email],
            (client, parsed, cancellation) => client.ResetUserAsync(parsed.GetValue(email)!, cancellation), WriteInvitation);
    }

    private static Command Enrol() => AdminVerb.Create(
        "enrol", "Makes a second factor for whoever is signed in: put the secret into an authenticator app, then run 'dogana user confirm'.\n\nExample:\n  dogana user enrol --url https://dogana.example.com", [],
        static (client, _, cancellation) => client.EnrolTotpAsync(cancellation),
        static (made, output) =>
        {
            output.WriteLine(made.Secret);
            output.WriteLine(made.Uri);
        });

    private static Command Confirm() => AdminVerb.Create(
        "confirm", "Confirms the second factor by a code, from DOGANA_CODE or standard input, and prints the recovery codes, this once.\n\nExample:\n  dogana user confirm --url https://dogana.example.com", [],
        static async (client, _, cancellation) => await client.ConfirmTotpAsync(await PersonalText.ReadAsync("Code: ", "DOGANA_CODE", cancellation), cancellation),
        static (confirmed, output) =>
        {
            output.WriteLine(confirmed.RecoveryCodes.Count == 0 ? "Confirmed." : "Confirmed. Keep these recovery codes; each opens once:");
            foreach (var code in confirmed.RecoveryCodes)
            {
                output.WriteLine(code);
            }
        });

    private static Argument<string> Email() => new("email") { Description = "The user's e-mail address." };

    private static Option<string> RoleOption() => new("--role") { Description = "The role: 'dogana role matrix' lists them.", Required = true };

    private static void WriteInvitation(InvitationRecord made, TextWriter output)
    {
        output.WriteLine(made.Text);
        output.WriteLine($"This invites {made.Email} until {made.ExpiresAt:u}. Keep it now: it is not shown again. Accept it with 'dogana user accept'.");
    }

    private static void Write(UserRecord user, TextWriter output) =>
        output.WriteLine($"{user.Email}: {user.State}, {(user.HasSecondFactor ? "with" : "without")} a second factor, {(user.Grants.Count == 0 ? "no role" : Text(user.Grants))}");

    private static string Text(IEnumerable<GrantRecord> grants) => string.Join(", ", grants.Select(static grant => $"{grant.Role} over {grant.Scope}"));
}
