using Dogana.Audit;
using Dogana.Billing;
using Dogana.Catalog;
using Dogana.Parties;
using Dogana.Rating;
using Dogana.Storage;

namespace Dogana.Admission;

/// <summary>What a project could call before a move to another channel and could not after it.</summary>
/// <param name="Deployment">The deployment.</param>
/// <param name="Reason">Why not, in a sentence.</param>
public sealed record ServiceGap(string Deployment, string Reason);

/// <summary>
/// Moves projects between channels: keys, project and organisation stay, and from one instant on calls are sold by the other seller. Every call belongs to
/// the channel that holds at the instant when it was accepted, so none is billed twice and none is missed.
/// </summary>
public static class ChannelMoves
{
    /// <summary>
    /// How far ahead a move is set at least: every node that serves has confirmed what it knows within <c>StalenessMax</c> (5 s by default), so all know
    /// of the move before it comes.
    /// </summary>
    public static TimeSpan Lead { get; } = TimeSpan.FromSeconds(10);

    // Of a reseller with more, these speak for the others.
    private const int EndCustomersMax = 100;

    /// <summary>Moves a project from an instant on; repeating it changes nothing.</summary>
    /// <param name="session">The transaction.</param>
    /// <param name="projectId">The project.</param>
    /// <param name="channel">Where to.</param>
    /// <param name="at">The first instant there; null for as soon as can be, which is <see cref="Lead"/> from now.</param>
    /// <param name="acceptsGaps">Move even where some model would no longer be served.</param>
    /// <param name="actor">Who moves it.</param>
    /// <param name="now">Now; the past cannot be moved.</param>
    /// <returns>The project as it is then; <see cref="ProblemCode.NotFound"/>, <see cref="ProblemCode.InvalidRequest"/>, or <see cref="ProblemCode.Conflict"/> where service would have a gap.</returns>
    public static async Task<Outcome<Project>> MoveAsync(
        StoreSession session, string projectId, string channel, DateTimeOffset? at, bool acceptsGaps, string actor, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(session);
        var parties = await PartyRegister.ReadAsync(session);
        if (!parties.Projects.TryGetValue(projectId, out var project))
        {
            return new Problem(ProblemCode.NotFound, $"No project has the id '{projectId}'. 'dogana project list' shows the ids.", "project");
        }

        if (!parties.Channels.ContainsKey(channel))
        {
            return new Problem(ProblemCode.NotFound, $"No channel has the id '{channel}'. Declare it in the world file and run 'dogana apply'.", "channel");
        }

        var instant = StoredTime.FromMicros((at ?? now + Lead).ToMicros()); // as it is stored
        if (project.ChannelAt(instant) == channel)
        {
            return project;
        }

        if (at < now + Lead)
        {
            return new Problem(ProblemCode.InvalidRequest, $"A project moves {Lead.TotalSeconds:0} seconds from now at the earliest, so that every node knows of it: what was sold on a channel stays sold there.", "at");
        }

        var gaps = acceptsGaps ? [] : await FindGapsAsync(session, parties, project, channel, instant);
        if (gaps.Count > 0)
        {
            return new Problem(
                ProblemCode.Conflict,
                $"On '{channel}' the project '{projectId}' could no longer call {string.Join("; ", gaps.Take(5).Select(static gap => $"{gap.Deployment} ({gap.Reason.TrimEnd('.')})"))}. Make up for it, or accept the gap.",
                "channel");
        }

        var move = new ProjectMove(channel, instant);
        await PartyRegister.MoveProjectAsync(session, projectId, move);
        await AuditLog.WriteAsync(session, now, actor, "project.move", projectId, $"from {project.ChannelAt(instant)} to {channel} at {InstantText.Format(instant)}");
        return project with { Moves = [.. project.Moves.Where(item => item.At != instant).Append(move).OrderBy(static item => item.At)] };
    }

    /// <summary>Takes back a move that lies in the future.</summary>
    public static async Task<Outcome<Project>> CancelAsync(StoreSession session, string projectId, DateTimeOffset at, string actor, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(session);
        var parties = await PartyRegister.ReadAsync(session);
        if (!parties.Projects.TryGetValue(projectId, out var project) || project.Moves.FirstOrDefault(move => move.At == at) is not { } known)
        {
            return new Problem(ProblemCode.NotFound, $"The project '{projectId}' has no move at {InstantText.Format(at)}. 'dogana project list' shows the moves.", "at");
        }

        if (at <= now)
        {
            return new Problem(ProblemCode.Conflict, $"The project '{projectId}' has moved at {InstantText.Format(at)}. Move it again instead.", "at");
        }

        await PartyRegister.CancelMoveAsync(session, projectId, at);
        await AuditLog.WriteAsync(session, now, actor, "project.move_cancel", projectId, $"to {known.Channel} at {InstantText.Format(at)}");
        return project with { Moves = [.. project.Moves.Where(move => move != known)] };
    }

    /// <summary>The deployments that the project is served until the instant and would not be served from then on: not admitted there, or without a price.</summary>
    public static async Task<IReadOnlyList<ServiceGap>> FindGapsAsync(StoreSession session, PartyTable parties, Project project, string channel, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(parties);
        ArgumentNullException.ThrowIfNull(project);
        var catalog = await CatalogRegister.ReadAsync(session);
        var table = await AdmissionTable.ReadAsync(session, parties, catalog, at);
        var (prices, contracts) = (await PriceBooks.ReadAsync(session), await Contracts.ReadAsync(session));
        var gaps = new List<ServiceGap>();
        string?[] endCustomers = project.Resells ? [null, .. table.EndCustomersOf(project.Organisation).Take(EndCustomersMax)] : [null];
        foreach (var deployment in catalog.Deployments.Values.OrderBy(static item => item.Name, StringComparer.Ordinal))
        {
            var lost = endCustomers.Where(endCustomer => WhyNot(project.ChannelAt(at), deployment, endCustomer) is null)
                .Select(endCustomer => WhyNot(channel, deployment, endCustomer)).FirstOrDefault(static reason => reason is not null);
            if (lost is not null)
            {
                gaps.Add(new ServiceGap(deployment.Name, lost));
            }
        }

        return gaps;

        string? WhyNot(string on, Deployment deployment, string? endCustomer)
        {
            var model = catalog.Models[deployment.Model];
            var naming = endCustomer is null ? default
                : parties.AgreementOn(model.Owner, on)?.EndCustomers == EndCustomerNaming.Key ? EndCustomerNaming.Key : EndCustomerNaming.Header;
            var decision = table.Find(new AdmissionFacts(project, parties.Channels[on], model, endCustomer, naming, null));
            return decision.Refusal is { } refusal ? refusal.Message
                : deployment.Routes.All(route => decision.Forbids(catalog.Upstreams[route.Upstream]) is not null) ? decision.Forbids(catalog.Upstreams[deployment.Routes[0].Upstream])!.Message
                : contracts.InForce(project.Organisation, on, at) is not { } contract ? $"no contract is in force on '{on}'"
                : !prices.HasPrice(contract.Prices, model, at) ? $"the price book '{contract.PriceBook}' has no price for it"
                : null;
        }
    }
}
