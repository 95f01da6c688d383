namespace Dogana.Metering.Tokens;

/// <summary>One token per byte: the bound where the tokenizer is not known, as a byte-level one never makes more.</summary>
internal sealed class ByteCounter : TokenCounter
{
    public override long Count(ReadOnlySpan<byte> utf8) => utf8.Length;
}
