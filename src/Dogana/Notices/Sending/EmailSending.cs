using System.Net;
using System.Net.Mail;
using System.Net.Mime;
using System.Text;

namespace Dogana.Notices.Sending;

/// <summary>Sends deliveries by e-mail. The platform's own client stands behind this type and nowhere else (docs/decisions/0012-notices.md).</summary>
internal sealed class EmailSending(SmtpSettings settings, TimeSpan timeout)
{
    private const int SubjectLengthMax = 200;

    public async Task<SendOutcome> SendAsync(DueDelivery delivery, CancellationToken cancellation)
    {
        if (NoticeAddress.FindEmailFault(delivery.Address) is not null)
        {
            return new SendOutcome("The address is not an e-mail address: it was changed in the store. Declare the target again.");
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(timeout);
        try
        {
            using var message = Message(delivery);
            using var client = new SmtpClient(settings.Host, settings.Port) { EnableSsl = settings.StartTls };
            if (settings.UserName is not null)
            {
                client.Credentials = new NetworkCredential(settings.UserName, settings.Password);
            }

            await client.SendMailAsync(message, limit.Token);
            return SendOutcome.Delivered;
        }
        catch (Exception late) when (late is OperationCanceledException || limit.IsCancellationRequested)
        {
            cancellation.ThrowIfCancellationRequested();
            return new SendOutcome($"The mail relay {settings} did not take it within {timeout.TotalSeconds:0.###} s.");
        }
        catch (SmtpException fault)
        {
            return new SendOutcome($"The mail relay {settings} did not take it: {fault.InnerException?.Message ?? fault.Message}");
        }
    }

    private MailMessage Message(DueDelivery delivery)
    {
        var from = new MailAddress(settings.From);
        var message = new MailMessage(from, new MailAddress(delivery.Address))
        {
            Subject = OneLine(delivery.Subject),
            SubjectEncoding = Encoding.UTF8,
            Body = delivery.Body.ReplaceLineEndings("\r\n"),
            BodyEncoding = Encoding.UTF8,
            BodyTransferEncoding = TransferEncoding.QuotedPrintable,
        };
        message.Headers.Add("Message-ID", $"<{delivery.Id}@{from.Host}>"); // the same from try to try
        message.Headers.Add("Auto-Submitted", "auto-generated"); // RFC 3834: nobody's absence is to answer it
        return message;
    }

    // A line end in a subject would begin a header of its own.
    private static string OneLine(string text)
    {
        var line = new string([.. text.Take(SubjectLengthMax).Select(static character => char.IsControl(character) ? ' ' : character)]);
        return char.IsHighSurrogate(line.LastOrDefault()) ? line[..^1] : line;
    }
}
