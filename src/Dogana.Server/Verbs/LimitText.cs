using System.Globalization;
using Dogana.Client;

namespace Dogana.Server.Verbs;

/// <summary>Limits and their refusals, for people.</summary>
internal static class LimitText
{
    public static void Write(object shown, TextWriter output)
    {
        switch (shown)
        {
            case QuotaDetail detail:
                Write(detail, output);
                break;
            case LimitExplanation told:
                Write(told, output);
                break;
            case Page<RefusalRecord> { Data: { Count: > 0 } refusals }:
                Write(refusals, output);
                break;
            default:
                output.WriteLine("No limit is on record as having refused it. The last 10,000 refusals of seven days are kept, a second after they happen.");
                break;
        }
    }

    public static string Number(decimal number) => number.ToString("0.############", CultureInfo.InvariantCulture);

    private static void Write(QuotaDetail detail, TextWriter output)
    {
        var quota = detail.Quota;
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{quota.Id}: {quota.TokensPerMinute} tokens a minute of {quota.Model} in {quota.Region} for {quota.Organisation} ({quota.Window}, {quota.Mode}), {quota.Unallotted} not allotted."));
        Write(detail.Limits, output);
    }

    private static void Write(LimitExplanation told, TextWriter output)
    {
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"A call of {told.Project} ({told.Organisation}) to {told.Deployment} ({told.Model}, {told.Region}) for {told.Tokens} tokens would be {(told.IsServed ? "served" : "refused")}."));
        if (told.Message is { } message)
        {
            output.WriteLine($"By {told.RefusedBy}{(told.Until is { } until ? $", until {Instant(until)}" : "")}: {message}");
        }

        Write(told.Limits, output);
    }

    private static void Write(IReadOnlyList<LimitStateRecord> limits, TextWriter output)
    {
        if (limits.Count == 0)
        {
            output.WriteLine("No limit is about it.");
            return;
        }

        var table = new TextTable("limit", "unit", "amount>", "used+held>", "left>", "free at", "window ends", "mode");
        foreach (var item in limits)
        {
            var free = item.Free.Count == 0 ? "-" : string.Join(", ", item.Free.Select(static part => $"{part.Node}: {Number(part.Free)}{(part.IsLive ? "" : " (gone)")}"));
            table.Add(item.Limit, item.Currency ?? item.Unit, Number(item.Amount), Number(item.Used), Number(item.Left), free, item.WindowEnd is { } end ? Instant(end) : "-", item.Mode);
        }

        table.Write(output);
        RefusalRecord[] last = [.. limits.SelectMany(static item => item.LastRefusals)];
        if (last.Length > 0)
        {
            output.WriteLine("Last refusals:");
            Write(last, output);
        }
    }

    private static void Write(IReadOnlyList<RefusalRecord> refusals, TextWriter output)
    {
        var table = new TextTable("call", "at", "project", "deployment", "limit", "asked>", "left>", "of>", "window ended", "outcome");
        foreach (var item in refusals)
        {
            table.Add(
                item.Call, Instant(item.At), item.Project, item.Deployment, item.Limit, Number(item.Asked), item.Left is { } left ? Number(left) : "-", Number(item.Amount),
                item.WindowEnd is { } end ? Instant(end) : "-", item.IsObserved ? "served, only observed" : item.Code);
        }

        table.Write(output);
    }

    private static string Instant(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
