namespace Dogana.Gateway.Requests;

/// <summary>What a call asks for: one value for each wire format of a request and its answer.</summary>
internal enum Operation
{
    /// <summary>OpenAI's <c>/chat/completions</c>: the format that translations meet in.</summary>
    ChatCompletions = 1,

    /// <summary>OpenAI's <c>/embeddings</c>.</summary>
    Embeddings = 2,

    /// <summary>OpenAI's older <c>/completions</c>.</summary>
    Completions = 3,

    /// <summary>OpenAI's <c>/responses</c>.</summary>
    Responses = 4,

    /// <summary>Anthropic's <c>/v1/messages</c>.</summary>
    Messages = 5,

    /// <summary>OpenAI's <c>/images/generations</c>.</summary>
    ImageGenerations = 6,

    /// <summary>OpenAI's <c>/audio/transcriptions</c>: a form with a file in it.</summary>
    Transcriptions = 7,

    /// <summary>OpenAI's <c>/audio/speech</c>: its answer is sound.</summary>
    Speech = 8,
}
