using System.CommandLine;
using Dogana.Client;

namespace Dogana.Server.Verbs;

/// <summary><c>dogana sign-in</c> and <c>dogana sign-out</c>.</summary>
internal static class SignInVerbs
{
    public static Command CreateSignIn()
    {
        var email = new Option<string>("--email") { Description = "Your e-mail address.", Required = true };
        return AdminVerb.Create(
            "sign-in",
            "Signs in to a server and prints the session, for DOGANA_ADMIN_KEY. Reads the password from DOGANA_PASSWORD or standard input, the code of a second factor from DOGANA_CODE or the next line.\n\nExample:\n"
            + "  export DOGANA_ADMIN_KEY=$(dogana sign-in --url https://dogana.example.com --email ana@example.com)",
            [email],
            async (client, parsed, cancellation) =>
            {
                var password = await PersonalText.ReadAsync("Password: ", "DOGANA_PASSWORD", cancellation);
                var request = new SignInRequest(parsed.GetValue(email)!, password, Environment.GetEnvironmentVariable("DOGANA_CODE"));
                try
                {
                    return await client.SignInAsync(request, cancellation);
                }
                catch (DoganaException refused) when (refused.Code == "code_required")
                {
                    return await client.SignInAsync(request with { Code = await PersonalText.ReadAsync("Code: ", "DOGANA_CODE", cancellation) }, cancellation);
                }
            },
            static (session, output) => output.WriteLine(session.Session), isForAnybody: true);
    }

    public static Command CreateSignOut() => AdminVerb.Create(
        "sign-out", "Ends the session in DOGANA_ADMIN_KEY.\n\nExample:\n  dogana sign-out --url https://dogana.example.com", [],
        static (client, _, cancellation) => client.SignOutAsync(cancellation), static (_, output) => output.WriteLine("Signed out."));
}
