namespace Dogana.Responses;

/// <summary>A response that a project keeps, as OpenAI's responses are kept with <c>store</c>. Source: OpenAI's API reference, "Responses".</summary>
/// <param name="Project">The project.</param>
/// <param name="Id">As on the wire, <c>resp_...</c>; this server's own.</param>
/// <param name="EndCustomer">Whom the call was for; empty for none. Nobody else reads it.</param>
/// <param name="CreatedAt">When it was kept.</param>
/// <param name="Input">All that the model was given, the conversation before it with it: JSON, encrypted.</param>
/// <param name="Response">The response object: JSON, encrypted.</param>
public sealed record StoredResponse(string Project, string Id, string EndCustomer, DateTimeOffset CreatedAt, byte[] Input, byte[] Response);
