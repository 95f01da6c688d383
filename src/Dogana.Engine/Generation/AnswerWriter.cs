using Dogana.Engine.Llama;
using Dogana.Engine.Tokenizers;

namespace Dogana.Engine.Generation;

/// <summary>Lets the model answer one call.</summary>
internal sealed class AnswerWriter(LlamaDecoder decoder, TextTokenizer tokenizer, int contextTokens)
{
    public GenerationEnd Write(GenerationCall call, DecodingSlot slot)
    {
        GenerationRequest request = call.Request;
        int[] prompt = [.. request.Prompt];
        var sampler = new Sampler(request.Sampling);
        var text = new TokenTextStream(tokenizer);
        var stop = new StopText(request.StopSequences);
        int outputMax = Math.Min(request.OutputTokensMax, contextTokens - prompt.Length);
        decoder.Decode(slot, prompt, 0, call.Cancellation);
        for (int said = 0; said < outputMax; said++)
        {
            call.Cancellation.ThrowIfCancellationRequested();
            int token = sampler.Next(slot.Logits);
            if (tokenizer.Vocabulary.EndTokens.Contains(token))
            {
                return Finish(call, text, stop, new GenerationEnd(AtLimit: false, said));
            }

            call.Say(stop.Append(text.Append(token)));
            if (stop.IsStopped)
            {
                return new GenerationEnd(AtLimit: false, said + 1);
            }

            // The last token's successor is not asked for.
            if (said + 1 < outputMax)
            {
                decoder.Decode(slot, [token], prompt.Length + said, call.Cancellation);
            }
        }

        return Finish(call, text, stop, new GenerationEnd(AtLimit: true, outputMax));
    }

    private static GenerationEnd Finish(GenerationCall call, TokenTextStream text, StopText stop, GenerationEnd end)
    {
        call.Say(stop.Append(text.End()) + (stop.IsStopped ? "" : stop.End()));
        return end;
    }
}
