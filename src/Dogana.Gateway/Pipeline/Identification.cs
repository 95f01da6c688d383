using Dogana.Access;
using Dogana.Gateway.Dialects;
using Dogana.Gateway.Snapshots;
using Microsoft.AspNetCore.Http;

namespace Dogana.Gateway.Pipeline;

/// <summary>
/// Step 2 of a call as it arrives: who calls, by a key or a token. The only step that may wait: for the keys of a token's issuer, where this node does not
/// have them. What is decided later asks <see cref="CallSteps.Identify"/> again, by what holds then.
/// </summary>
internal sealed class Identification(SnapshotKeeper snapshots, CountryFile countries, TokenVerifier tokens, KeyUse uses, TimeProvider time)
{
    public async ValueTask<Outcome<Identified>> IdentifyAsync(HttpContext http, Dialect dialect)
    {
        if (!snapshots.Current.TryGet(out var snapshot, out var problem))
        {
            return problem;
        }

        var origin = CallOrigin.Of(http, dialect, countries.Current);
        if (origin is { IsBearer: true, Credential: { } bearer } && TokenVerifier.IsToken(bearer))
        {
            if (!(await tokens.VerifyAsync(bearer, snapshot.TokenIssuers, http.RequestAborted)).TryGet(out var token, out problem))
            {
                return problem;
            }

            origin = origin with { Token = token };
        }

        var now = time.GetUtcNow();
        if (!CallSteps.Identify(snapshot, origin, now).TryGet(out var caller, out problem))
        {
            return problem;
        }

        if (origin.Token is null)
        {
            uses.Note(caller.Key.Id, now);
        }

        return new Identified(snapshot, origin, caller);
    }
}

/// <summary>Who calls, from where, and by which snapshot.</summary>
internal readonly record struct Identified(GatewaySnapshot Snapshot, CallOrigin Origin, Caller Caller);
