namespace Dogana.Gateway.Requests;

/// <summary>What is wrong with a field of a request, in the words a client reads.</summary>
internal static class FieldProblem
{
    /// <summary>It has the wrong type.</summary>
    public static Problem Type(string field, string expected) => new(ProblemCode.InvalidRequest, $"Invalid type for '{field}': expected {expected}.", field);

    /// <summary>It is missing.</summary>
    public static Problem Missing(string field) => new(ProblemCode.InvalidRequest, $"Missing required parameter: '{field}'.", field);

    /// <summary>Its value cannot be.</summary>
    public static Problem Value(string field, string reason) => new(ProblemCode.InvalidRequest, $"Invalid '{field}': {reason}", field);
}
