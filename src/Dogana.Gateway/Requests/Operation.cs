namespace Dogana.Gateway.Requests;

/// <summary>What a call asks for.</summary>
internal enum Operation
{
    ChatCompletions = 1,
    Embeddings = 2,
}
