using System.Text;

namespace Dogana.Engine.Tokenizers;

/// <summary>Turns one call's tokens into text as they come, never a part of a character.</summary>
internal sealed class TokenTextStream(TextTokenizer tokenizer)
{
    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();
    private bool _atStart = true;

    /// <summary>The text that a further token completes; empty while a character is still missing bytes.</summary>
    public string Append(int token) => Take(tokenizer.Bytes(token), flush: false);

    /// <summary>What is left at the end: a replacement character for one that was never completed.</summary>
    public string End() => Take([], flush: true);

    private string Take(ReadOnlySpan<byte> bytes, bool flush)
    {
        // The space that the tokenizer puts before a text is not a part of the answer.
        if (_atStart && bytes.Length > 0)
        {
            _atStart = false;
            bytes = tokenizer.AddsSpace && bytes[0] == (byte)' ' ? bytes[1..] : bytes;
        }

        char[] characters = new char[_decoder.GetCharCount(bytes, flush)];
        return new string(characters, 0, _decoder.GetChars(bytes, characters, flush));
    }
}
