using System.Net.Mail;
using System.Text.RegularExpressions;

namespace Dogana.Notices;

/// <summary>What may be an address of a target.</summary>
public static partial class NoticeAddress
{
    /// <summary>Plain e-mail addresses: no display name, no quotes, nothing that could end a header's line.</summary>
    public const string EmailPattern = @"^[A-Za-z0-9.!#$%&'*+/=?^_{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})*$";

    /// <summary>Webhooks' URLs; <see cref="FindUrlFault"/> says the rest.</summary>
    public const string UrlPattern = @"^https?://[^\s#]+$";

    /// <summary>The longest e-mail address (RFC 5321: a path of 256 with its angle brackets).</summary>
    public const int EmailLengthMax = 254;

    /// <summary>The longest URL.</summary>
    public const int UrlLengthMax = 2_048;

    /// <summary>What is wrong with an e-mail address, or null.</summary>
    public static string? FindEmailFault(string address) =>
        address is { Length: <= EmailLengthMax } && Email().IsMatch(address) && !address.EndsWith('\n') && MailAddress.TryCreate(address, out _) ? null : "is not an e-mail address";

    /// <summary>What is wrong with a URL, or null.</summary>
    public static string? FindUrlFault(string url) =>
        !Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Host.Length == 0 || address.Scheme is not ("http" or "https") ? "is not an absolute address"
        : address.UserInfo.Length > 0 ? "has a user or password in it"
        : null;

    /// <summary>Would a notice cross a network in the clear?</summary>
    public static bool IsInTheClear(string url) => Uri.TryCreate(url, UriKind.Absolute, out var address) && address.Scheme == "http" && !address.IsLoopback;

    [GeneratedRegex(EmailPattern, RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Email();
}
