namespace Dogana.Gateway.Translations.Messages;

/// <summary>What is wrong with a request or an answer, in the words a client reads.</summary>
internal static class Fault
{
    public static Problem Type(string field, string expected) => new(ProblemCode.InvalidRequest, $"Invalid type for '{field}': expected {expected}.", field);

    public static Problem Missing(string field) => new(ProblemCode.InvalidRequest, $"Missing required parameter: '{field}'.", field);

    public static Problem Value(string field, string reason) => new(ProblemCode.InvalidRequest, $"Invalid '{field}': {reason}", field);

    /// <summary>The upstream's format has no word for it, so the answer would not be what was asked for.</summary>
    public static Problem NoWord(string field, string remedy) => new(ProblemCode.OperationNotSupported, $"This model's upstream cannot be asked for '{field}'. {remedy}", field);

    public static ProblemException Upstream(string what) => new(new Problem(ProblemCode.UpstreamFailed, $"The upstream {what}."));
}
