namespace FakeUpstream;

/// <summary>A call of a function by the model.</summary>
/// <param name="Name">The function.</param>
/// <param name="Arguments">A JSON object as text, or what a model gets wrong about one. Streamed, it comes in pieces of a few characters.</param>
public sealed record FakeToolCall(string Name, string Arguments = "{}");
