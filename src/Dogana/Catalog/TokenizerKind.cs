namespace Dogana.Catalog;

/// <summary>By which tokenizer a model's text is counted. Stored by name.</summary>
public enum TokenizerKind
{
    /// <summary>Not known: every byte counts as a token, which no byte-level tokenizer exceeds.</summary>
    Bytes = 1,

    /// <summary>OpenAI's <c>cl100k_base</c>: GPT-4, GPT-3.5 and the embedding models of their time.</summary>
    Cl100k = 2,

    /// <summary>OpenAI's <c>o200k_base</c>: GPT-4o and later.</summary>
    O200k = 3,
}
