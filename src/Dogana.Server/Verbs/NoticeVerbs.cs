using System.CommandLine;
using System.Globalization;
using Dogana.Client;

namespace Dogana.Server.Verbs;

/// <summary><c>dogana notice</c>: where organisations hear of what they must be told, and what became of it.</summary>
internal static class NoticeVerbs
{
    public static Command Create() => AdminVerb.Noun(
        "notice", "E-mails and webhooks: where organisations hear of what they must be told, and what became of it.",
        Targets(), List(), Retry(), Dismiss(), Test(), Secret(),
        Switch("enable", "Sends to a target again that was disabled, by hand or because it answered 410.", true),
        Switch("disable", "Sends nothing to a target any more; what waits for it is dead.", false));

    private static Command Targets()
    {
        var (after, limit) = (After(), Limit());
        return AdminVerb.Create(
            "targets", "Lists the notice targets, without their secrets. They are declared in the world file.\n\nExample:\n  dogana notice targets", [after, limit],
            (client, parsed, cancellation) => client.ListNoticeTargetsAsync(parsed.GetValue(after), parsed.GetValue(limit), cancellation),
            static (page, output) =>
            {
                var table = new TextTable("id", "organisation", "kind", "address", "topics", "state");
                foreach (var item in page.Data)
                {
                    var state = item.DisabledBecause is { } because ? "disabled: " + because : item is { Kind: "webhook", HasSecret: false } ? "has no secret yet" : "in use";
                    table.Add(item.Id, item.Organisation, item.Kind, item.Address, string.Join(' ', item.Topics), state);
                }

                table.Write(output);
                WriteNext(page.Next, output);
            });
    }

    private static Command List()
    {
        var state = new Option<string?>("--state") { Description = "pending, delivered or dead; all when left out." };
        state.AcceptOnlyFromAmong("pending", "delivered", "dead");
        var (after, limit) = (After(), Limit());
        return AdminVerb.Create(
            "list", "Lists what became of the notices, newest first.\n\nExample:\n  dogana notice list --state dead", [state, after, limit],
            (client, parsed, cancellation) => client.ListNoticeDeliveriesAsync(parsed.GetValue(state), parsed.GetValue(after), parsed.GetValue(limit), cancellation),
            static (page, output) =>
            {
                var table = new TextTable("id", "posted", "topic", "organisation", "target", "state", "tries>", "note");
                foreach (var item in page.Data)
                {
                    table.Add(
                        item.Id, item.CreatedAt.ToString("u", CultureInfo.InvariantCulture), item.Topic, item.Organisation, item.Target, item.State,
                        item.Attempts.ToString(CultureInfo.InvariantCulture), item.LastError ?? "-");
                }

                table.Write(output);
                WriteNext(page.Next, output);
            });
    }

    private static Command Retry()
    {
        var id = new Argument<string?>("id") { Description = "The delivery's id.", Arity = ArgumentArity.ZeroOrOne };
        var all = new Option<bool>("--all-dead") { Description = "Everything that is dead, but for disabled targets." };
        var retry = AdminVerb.Create(
            "retry", "Sends a delivery again, at once and as often as a new one.\n\nExamples:\n  dogana notice retry 019a2b3c-…\n  dogana notice retry --all-dead", [id, all],
            async (client, parsed, cancellation) =>
            {
                if (parsed.GetValue(all))
                {
                    return await client.RetryDeadNoticesAsync(cancellation);
                }

                await client.RetryNoticeAsync(parsed.GetValue(id)!, cancellation);
                return new NoticeRetryRecord(1);
            },
            static (retried, output) => output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{retried.Count} {(retried.Count == 1 ? "delivery is" : "deliveries are")} sent again, by the running server.")));
        retry.Validators.Add(result =>
        {
            if (result.GetValue(id) is null == !result.GetValue(all))
            {
                result.AddError("Give the id of a delivery, or --all-dead.");
            }
        });
        return retry;
    }

    private static Command Dismiss()
    {
        var id = new Argument<string>("id") { Description = "The delivery's id." };
        return AdminVerb.Create(
            "dismiss", "Gives a delivery up: it is deleted and never tried again.\n\nExample:\n  dogana notice dismiss 019a2b3c-…", [id],
            (client, parsed, cancellation) => client.DismissNoticeAsync(parsed.GetValue(id)!, cancellation),
            static (gone, output) => output.WriteLine($"{gone.Id} ({gone.Topic} to {gone.Target}) is given up."));
    }

    private static Command Test()
    {
        var target = Target();
        return AdminVerb.Create(
            "test", "Sends a notice.test to a target, once, and shows what came of it.\n\nExample:\n  dogana notice test acme-hook", [target],
            (client, parsed, cancellation) => client.TestNoticeTargetAsync(parsed.GetValue(target)!, cancellation),
            static (tested, output) => output.WriteLine(tested.IsDelivered
                ? $"{tested.Delivery.Target} took it (delivery {tested.Delivery.Id})."
                : $"{tested.Delivery.Target} did not take it: {tested.Delivery.LastError}"));
    }

    private static Command Secret()
    {
        var target = Target();
        return AdminVerb.Create(
            "secret",
            "Gives a webhook a new signing secret and prints it, this once. The one before signs beside it for 24 hours.\n\nExample:\n  dogana notice secret acme-hook", [target],
            (client, parsed, cancellation) => client.NewNoticeSecretAsync(parsed.GetValue(target)!, cancellation),
            static (made, output) =>
            {
                output.WriteLine(made.Secret);
                output.WriteLine($"{made.Target}'s notices are signed with it from now on. Give it to the receiver now: it is not shown again.");
                if (made.PreviousValidUntil is { } until)
                {
                    output.WriteLine($"The one before signs beside it until {until.ToString("u", CultureInfo.InvariantCulture)}.");
                }
            });
    }

    private static Command Switch(string name, string description, bool enable)
    {
        var target = Target();
        return AdminVerb.Create(
            name, $"{description}\n\nExample:\n  dogana notice {name} acme-hook", [target],
            (client, parsed, cancellation) => client.EnableNoticeTargetAsync(parsed.GetValue(target)!, enable, cancellation),
            static (changed, output) => output.WriteLine(changed.DisabledBecause is { } because ? $"{changed.Id} is disabled: {because}." : $"{changed.Id} is in use."));
    }

    private static Argument<string> Target() => new("target") { Description = "The target's id." };

    private static Option<string?> After() => new("--after") { Description = "The page after this id." };

    private static Option<int> Limit() => new("--limit") { Description = "At most so many, 1 to 1000.", DefaultValueFactory = static _ => 50 };

    private static void WriteNext(string? next, TextWriter output)
    {
        if (next is not null)
        {
            output.WriteLine($"There are more: --after {next}");
        }
    }
}
