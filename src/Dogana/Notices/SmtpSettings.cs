namespace Dogana.Notices;

/// <summary>The mail relay that takes e-mails, from the host's configuration.</summary>
/// <param name="Host">Its name or address.</param>
/// <param name="Port">Its port: 587 for submission, 25 for a relay of one's own. Implicit TLS (465) is not spoken.</param>
/// <param name="From">The sender's address, with or without a display name.</param>
/// <param name="StartTls">Must the conversation be encrypted? Then a relay without STARTTLS, or with a certificate that does not hold, is not used.</param>
/// <param name="UserName">The user, or null for a relay that asks for none.</param>
/// <param name="Password">The user's password.</param>
public sealed record SmtpSettings(string Host, int Port, string From, bool StartTls, string? UserName, string? Password)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Host}:{Port}"; // a record prints all it has
}
