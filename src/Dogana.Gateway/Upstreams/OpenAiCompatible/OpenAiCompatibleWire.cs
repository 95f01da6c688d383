using Dogana.Gateway.Requests;
using Dogana.Gateway.Upstreams.OpenAi;

namespace Dogana.Gateway.Upstreams.OpenAiCompatible;

/// <summary>
/// A server with OpenAI's API: vLLM, llama.cpp, Ollama and others. Chat completions, completions and embeddings are what they have in common; responses
/// are translated, and the output limit bears its older name, which all of them obey.
/// </summary>
internal sealed class OpenAiCompatibleWire : OpenAiWire
{
    /// <inheritdoc/>
    public override bool Serves(Operation operation) => operation is Operation.ChatCompletions or Operation.Completions or Operation.Embeddings;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Limits(Operation operation) => operation == Operation.ChatCompletions ? OldLimits : base.Limits(operation);
}
