using Microsoft.AspNetCore.Http;

namespace Dogana.Audit;

/// <summary>Who makes a change through the admin API: set once by whatever authenticated the request, read by every endpoint that writes an audit row.</summary>
public static class Actor
{
    /// <summary>Who changes a store through a verb on that store; with a slash and a name where <c>DOGANA_OPERATOR</c> gives one.</summary>
    public const string Operator = "operator";

    /// <summary>The rules of retention, which erase by themselves.</summary>
    public const string Retention = "retention";

    /// <summary>Is it somebody who works on the store itself, and no admin key?</summary>
    public static bool IsOperator(string actor)
    {
        ArgumentNullException.ThrowIfNull(actor);
        return actor == Operator || actor.StartsWith(Operator + "/", StringComparison.Ordinal);
    }

    /// <summary>A user, by e-mail address.</summary>
    public static string OfUser(string email) => "user/" + email;

    private const string Item = "dogana.actor";

    /// <summary>Sets the actor of a request.</summary>
    public static void SetActor(this HttpContext http, string actor)
    {
        ArgumentNullException.ThrowIfNull(http);
        http.Items[Item] = actor;
    }

    /// <summary>The actor of a request.</summary>
    public static string GetActor(this HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        return http.Items[Item] as string ?? Operator;
    }
}
