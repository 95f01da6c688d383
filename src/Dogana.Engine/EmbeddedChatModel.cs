using System.Runtime.CompilerServices;
using Dogana.Engine.ChatTemplates;
using Dogana.Engine.Generation;
using Dogana.Engine.Gguf;
using Dogana.Engine.Llama;
using Dogana.Engine.Tokenizers;
using Microsoft.Extensions.AI;

namespace Dogana.Engine;

/// <summary>
/// A chat model that runs in this process: a GGUF file of the llama or qwen2 architecture with weights in F32, F16, BF16, Q8_0, Q4_0, Q5_0, Q4_K
/// or Q6_K, also mixed. Safe for many threads.
/// </summary>
/// <remarks>
/// Calls beyond the number of slots wait in the order they came. A call that is cancelled, or whose stream is left, frees its slot
/// within a token. Usage is counted with the model's own tokenizer and comes in the last update of a stream.
/// </remarks>
public sealed class EmbeddedChatModel : IChatClient, IAsyncDisposable
{
    private readonly EmbeddedChatOptions _options;
    private readonly TextTokenizer _tokenizer;
    private readonly ChatRequests _requests;
    private readonly SlotScheduler _scheduler;

    private EmbeddedChatModel(string name, GgufFile file, EmbeddedChatOptions options)
    {
        _options = options;
        _tokenizer = TextTokenizer.Read(file.Metadata);
        ChatTemplate template = ChatTemplate.Read(file.Metadata, _tokenizer.Vocabulary, options.Time);
        LlamaWeights weights = LlamaWeights.Read(file, _tokenizer.Vocabulary.Texts.Count);
        Name = name;
        ParameterCount = weights.ParameterCount;
        Quantisation = weights.Quantisation.ToString();
        ContextTokens = Math.Min(weights.Shape.ContextTokens, options.ContextTokensMax);
        Slots = options.Slots ?? Math.Max(1, Environment.ProcessorCount);
        _requests = new ChatRequests(_tokenizer, template, ContextTokens, options);
        var answers = new AnswerWriter(new LlamaDecoder(weights), _tokenizer, ContextTokens);
        _scheduler = new SlotScheduler(
            Slots, options.WaitingCallsMax, () => new DecodingSlot(weights, ContextTokens), answers.Write);
    }

    /// <summary>The model's name, as answers carry it.</summary>
    public string Name { get; }

    /// <summary>How many weights the model has.</summary>
    public long ParameterCount { get; }

    /// <summary>The type most weights have, such as <c>Q8_0</c> or <c>Q4_K</c>.</summary>
    public string Quantisation { get; }

    /// <summary>Tokens that prompt and output may have together.</summary>
    public int ContextTokens { get; }

    /// <summary>Calls that are answered at once.</summary>
    public int Slots { get; }

    /// <summary>Calls that are being answered now.</summary>
    public int RunningCalls => _scheduler.Running;

    /// <summary>Calls that wait for a slot now.</summary>
    public int WaitingCalls => _scheduler.Waiting;

    /// <summary>Reads a model file into memory and starts its threads.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">How it runs; the defaults when null.</param>
    /// <exception cref="ModelFileException">The file is damaged, truncated or of a kind that is not supported.</exception>
    /// <exception cref="IOException">The file can't be read.</exception>
    public static EmbeddedChatModel Load(string path, EmbeddedChatOptions? options = null)
    {
        options ??= new EmbeddedChatOptions();
        options.Validate();
        using GgufFile file = GgufFile.Open(path);
        string name = options.ModelName ?? file.Metadata.OptionalText("general.name") ?? Path.GetFileNameWithoutExtension(path);
        return new EmbeddedChatModel(name, file, options);
    }

    /// <summary>The tokens a conversation takes as a prompt, exactly as they would be charged.</summary>
    /// <exception cref="UnsupportedContentException">A message holds something other than text, or has an unknown role.</exception>
    /// <exception cref="ChatTemplateException">The model's template refuses the conversation.</exception>
    /// <exception cref="PromptTooLongException">The text is so long that it can't fit, however it is cut.</exception>
    public int CountPromptTokens(IEnumerable<ChatMessage> messages)
    {
        ArgumentNullException.ThrowIfNull(messages);
        return _requests.Prompt(messages, instructions: null).Count;
    }

    /// <summary>The tokens of a text by itself, without the marks of a conversation.</summary>
    public int CountTokens(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return _tokenizer.EncodeText(text).Count;
    }

    /// <inheritdoc/>
    /// <exception cref="EngineBusyException">All slots are in use and the queue is full.</exception>
    /// <exception cref="PromptTooLongException">The prompt leaves no room for output.</exception>
    /// <exception cref="UnsupportedContentException">A message or option asks for something other than text.</exception>
    /// <exception cref="ChatTemplateException">The model's template refuses the conversation.</exception>
    public async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        await GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken);

    /// <inheritdoc/>
    /// <exception cref="EngineBusyException">All slots are in use and the queue is full.</exception>
    /// <exception cref="PromptTooLongException">The prompt leaves no room for output.</exception>
    /// <exception cref="UnsupportedContentException">A message or option asks for something other than text.</exception>
    /// <exception cref="ChatTemplateException">The model's template refuses the conversation.</exception>
    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        GenerationRequest request = _requests.Read(messages, options);
        string id = Guid.CreateVersion7(_options.Time.GetUtcNow()).ToString("N");
        using var call = new GenerationCall(request, cancellationToken);
        _scheduler.Enqueue(call);
        try
        {
            await foreach (string text in call.Text.ReadAllAsync(cancellationToken))
            {
                yield return Update(id, new TextContent(text));
            }
        }
        finally
        {
            // Also when the reader leaves in the middle: nobody would hear the rest.
            call.Cancel();
        }

        yield return Last(id, request, call.End);
    }

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        if (serviceKey is not null)
        {
            return null;
        }

        return serviceType == typeof(ChatClientMetadata)
            ? new ChatClientMetadata("dogana", providerUri: null, Name)
            : serviceType.IsInstanceOfType(this) ? this : null;
    }

    /// <summary>
    /// Takes no more calls, lets those under way finish for <see cref="EmbeddedChatOptions.DrainTime"/>, then ends the rest with
    /// <see cref="ObjectDisposedException"/>.
    /// </summary>
    public void Dispose() => _scheduler.Close(_options.DrainTime, _options.Time);

    /// <inheritdoc cref="Dispose"/>
    public async ValueTask DisposeAsync() => await _scheduler.CloseAsync(_options.DrainTime, _options.Time);

    private ChatResponseUpdate Update(string id, AIContent content) => new(ChatRole.Assistant, [content])
    {
        CreatedAt = _options.Time.GetUtcNow(),
        MessageId = id,
        ModelId = Name,
        ResponseId = id,
    };

    private ChatResponseUpdate Last(string id, GenerationRequest request, GenerationEnd end)
    {
        ChatResponseUpdate update = Update(id, new UsageContent(new UsageDetails
        {
            InputTokenCount = request.Prompt.Count,
            OutputTokenCount = end.OutputTokens,
            TotalTokenCount = request.Prompt.Count + end.OutputTokens,
        }));
        update.FinishReason = end.AtLimit ? ChatFinishReason.Length : ChatFinishReason.Stop;
        return update;
    }
}
