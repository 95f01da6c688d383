using System.Globalization;
using System.Net.Mail;
using Dogana.Notices;

namespace Dogana.Server.Hosting;

/// <summary>
/// The mail relay from the host's configuration, section <c>Notices</c>: <c>--Notices:Smtp:Host=mail.example.com</c> or <c>Notices__Smtp__Host</c> in the
/// environment. A name that is none, or a value that cannot be, ends the start: an e-mail that silently goes nowhere tells nobody.
/// </summary>
internal static class NoticeSettings
{
    private const string Section = "Notices";
    private const string Smtp = "Smtp";
    private const int SubmissionPort = 587;

    private static readonly string[] Names = ["From", "Host", "PasswordEnv", "Port", "StartTls", "UserName"];

    /// <summary>The relay, or null where none is named.</summary>
    /// <exception cref="InvalidOperationException">A setting is wrong; the message names it.</exception>
    public static SmtpSettings? Read(IConfiguration configuration)
    {
        var section = configuration.GetSection(Section);
        if (section.GetChildren().FirstOrDefault(static setting => !setting.Key.Equals(Smtp, StringComparison.OrdinalIgnoreCase)) is { } unknown)
        {
            throw new InvalidOperationException($"'{unknown.Path}' is no setting. There is {Section}:{Smtp}.");
        }

        var smtp = section.GetSection(Smtp);
        var settings = smtp.GetChildren().ToArray();
        if (settings.FirstOrDefault(static setting => !Names.Contains(setting.Key, StringComparer.OrdinalIgnoreCase)) is { } wrong)
        {
            throw new InvalidOperationException($"'{wrong.Path}' is no setting. There are {string.Join(", ", Names)}.");
        }

        if (settings.Length == 0)
        {
            return null;
        }

        var host = smtp["Host"] is { Length: > 0 } named && Uri.CheckHostName(named) != UriHostNameType.Unknown ? named : throw Wrong(smtp, "Host", "Write the relay's name, such as mail.example.com.");
        var from = MailAddress.TryCreate(smtp["From"], out var sender) && NoticeAddress.FindEmailFault(sender.Address) is null
            ? smtp["From"]! : throw Wrong(smtp, "From", "Write the sender's e-mail address.");
        var port = smtp["Port"] is not { } written ? SubmissionPort
            : int.TryParse(written, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is > 0 and <= ushort.MaxValue and not 465 ? number
            : throw Wrong(smtp, "Port", "Write 1 to 65535, but not 465: TLS from the first byte is not spoken, STARTTLS on 587 is.");
        var startTls = smtp["StartTls"] is null || SettingValue.Flag(smtp.GetSection("StartTls"));
        return new SmtpSettings(host, port, from, startTls, smtp["UserName"], Password(smtp, startTls));
    }

    private static string? Password(IConfigurationSection smtp, bool startTls)
    {
        if ((smtp["UserName"], smtp["PasswordEnv"]) is (null, null))
        {
            return null;
        }

        if (smtp["UserName"] is not { Length: > 0 })
        {
            throw Wrong(smtp, "UserName", "Write the user whose password PasswordEnv names, or neither.");
        }

        if (!startTls)
        {
            throw Wrong(smtp, "StartTls", "A password never goes in the clear: leave StartTls on, or UserName and PasswordEnv out.");
        }

        return smtp["PasswordEnv"] is { Length: > 0 } variable && Environment.GetEnvironmentVariable(variable) is { Length: > 0 } password
            ? password
            : throw new InvalidOperationException($"'{smtp.Path}:PasswordEnv' names no environment variable that is set. Write the name of the one that holds the password, never the password.");
    }

    private static InvalidOperationException Wrong(IConfigurationSection smtp, string name, string remedy) => new($"'{smtp.Path}:{name}' is '{smtp[name]}'. {remedy}");
}
