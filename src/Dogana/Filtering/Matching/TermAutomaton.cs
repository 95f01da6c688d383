namespace Dogana.Filtering.Matching;

/// <summary>
/// Finds any of many terms in one pass over a text, however many they are (Aho and Corasick 1975). Terms and texts are in <see cref="MatchingForm"/>; a term counts
/// only as whole words.
/// </summary>
internal sealed class TermAutomaton
{
    private const int Root = 0;

    private readonly Dictionary<(int Node, char Next), int> _edges = [];
    private readonly List<int> _fails = [Root];
    private readonly List<int> _lengths = [0]; // of the term that ends here; 0 for none
    private readonly List<int> _shorter = [Root]; // the next node on the way of failures where a term ends

    public TermAutomaton(IEnumerable<string> terms)
    {
        var children = new List<List<(char Next, int Node)>> { new() };
        foreach (var term in terms)
        {
            var node = Root;
            foreach (var character in term)
            {
                if (!_edges.TryGetValue((node, character), out var next))
                {
                    next = _fails.Count;
                    _edges.Add((node, character), next);
                    children[node].Add((character, next));
                    children.Add([]);
                    _fails.Add(Root);
                    _lengths.Add(0);
                    _shorter.Add(Root);
                }

                node = next;
            }

            _lengths[node] = term.Length;
        }

        Link(children);
    }

    /// <summary>Is one of the terms in the text?</summary>
    public bool IsIn(ReadOnlySpan<char> text)
    {
        var node = Root;
        for (var i = 0; i < text.Length; i++)
        {
            node = Step(node, text[i]);
            for (var found = _lengths[node] > 0 ? node : _shorter[node]; found != Root; found = _shorter[found])
            {
                if (IsWhole(text, i + 1 - _lengths[found], i + 1))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static bool IsWhole(ReadOnlySpan<char> text, int start, int end) =>
        (start == 0 || !MatchingForm.IsWord(text[start]) || !MatchingForm.IsWord(text[start - 1]))
        && (end == text.Length || !MatchingForm.IsWord(text[end - 1]) || !MatchingForm.IsWord(text[end]));

    private int Step(int node, char character)
    {
        while (true)
        {
            if (_edges.TryGetValue((node, character), out var next))
            {
                return next;
            }

            if (node == Root)
            {
                return Root;
            }

            node = _fails[node];
        }
    }

    // By depth: where a node fails to is nearer to the root, and is linked already.
    private void Link(List<List<(char Next, int Node)>> children)
    {
        var queue = new Queue<int>();
        queue.Enqueue(Root);
        while (queue.TryDequeue(out var node))
        {
            foreach (var (character, child) in children[node])
            {
                if (node != Root)
                {
                    _fails[child] = Step(_fails[node], character);
                }

                _shorter[child] = _lengths[_fails[child]] > 0 ? _fails[child] : _shorter[_fails[child]];
                queue.Enqueue(child);
            }
        }
    }
}
