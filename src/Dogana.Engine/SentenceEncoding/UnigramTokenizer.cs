using System.Text.Json;

namespace Dogana.Engine.SentenceEncoding;

/// <summary>
/// The sentence encoder's tokenizer: of all ways to cut a text into pieces of the vocabulary, the one with the best sum of scores.
/// </summary>
/// <remarks>
/// It repeats the reference implementation (@energetic-ai/embeddings 0.2.0) in what looks odd too, because the model is used with it:
/// a best sum of exactly 0 counts as none, a character that starts no piece scores 0, and a position no piece reaches starts anew.
/// </remarks>
internal sealed class UnigramTokenizer
{
    private const int ReservedTokens = 6;
    private const int UnknownToken = 0;
    private const char Space = '\u2581';
    private readonly Dictionary<string, (int Id, double Score)> _pieces = new(StringComparer.Ordinal);
    private readonly int[] _lengths;
    private readonly int _pieceMax;

    private UnigramTokenizer(JsonElement vocabulary)
    {
        _lengths = new int[vocabulary.GetArrayLength()];
        if (_lengths.Length <= ReservedTokens)
        {
            throw new JsonException($"Only {_lengths.Length} pieces.");
        }

        int id = 0;
        foreach (JsonElement entry in vocabulary.EnumerateArray())
        {
            string text = entry[0].GetString() ?? throw new JsonException("A piece without a text.");
            _lengths[id] = text.Length;
            if (text.Length == 0)
            {
                throw new JsonException($"Piece {id} is empty.");
            }

            if (id >= ReservedTokens)
            {
                // Seven pieces with a colon have no score in the file; the reference adds them up as 0.
                _pieces[text] = (id, entry[1].ValueKind == JsonValueKind.Null ? 0 : entry[1].GetDouble());
                _pieceMax = Math.Max(_pieceMax, text.Length);
            }

            id++;
        }
    }

    public int VocabularySize => _lengths.Length;

    public static UnigramTokenizer Load(string path)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            using JsonDocument document = JsonDocument.Parse(file);
            return new UnigramTokenizer(document.RootElement);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException or IndexOutOfRangeException)
        {
            throw new ModelFileException($"{path}: expected an array of pieces, each a text and a score. {error.Message}", error);
        }
    }

    public List<int> Encode(string text)
    {
        string normal = CompatibilityForm.Normalise(text);
        if (normal.Length == 0)
        {
            return [];
        }

        string spaced = Space + normal.Replace(' ', Space);
        int[] starts = Symbols(spaced);
        int count = starts.Length - 1;
        int[] lastPiece = BestPieces(spaced, starts, count);
        var tokens = new List<int>();
        for (int end = count; end > 0; end -= _lengths[lastPiece[end]])
        {
            int token = lastPiece[end];
            // Neighbouring unknown characters count as one token.
            if (token != UnknownToken || tokens is not [.., UnknownToken])
            {
                tokens.Add(token);
            }
        }

        tokens.Reverse();
        return tokens;
    }

    /// <summary>Where each code point starts, and the text's length at the end.</summary>
    private static int[] Symbols(string text)
    {
        var starts = new List<int>(text.Length + 1);
        for (int i = 0; i < text.Length; i += char.IsSurrogatePair(text, i) ? 2 : 1)
        {
            starts.Add(i);
        }

        return [.. starts, text.Length];
    }

    /// <summary>For every position the piece that ends there on the best way.</summary>
    private int[] BestPieces(string text, int[] starts, int count)
    {
        Dictionary<string, (int Id, double Score)>.AlternateLookup<ReadOnlySpan<char>> pieces =
            _pieces.GetAlternateLookup<ReadOnlySpan<char>>();
        double[] best = new double[count + 1];
        int[] lastPiece = new int[count + 1];
        // All ways into a position come from earlier ones, so going through the starts in order meets them in the reference's order.
        for (int start = 0; start < count; start++)
        {
            bool found = false;
            for (int length = 1; length <= _pieceMax && start + length <= count; length++)
            {
                if (pieces.TryGetValue(text.AsSpan(starts[start]..starts[start + length]), out (int Id, double Score) piece))
                {
                    found = true;
                    Offer(start + length, best[start] + piece.Score, piece.Id);
                }
            }

            if (!found)
            {
                Offer(start + 1, best[start], UnknownToken);
            }
        }

        return lastPiece;

        void Offer(int end, double score, int piece)
        {
            if (best[end] == 0 || score >= best[end])
            {
                best[end] = score;
                lastPiece[end] = piece;
            }
        }
    }
}
