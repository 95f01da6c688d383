namespace Dogana.Metering.Tokens;

/// <summary>What a count found, and what it took.</summary>
internal struct TokenTally
{
    /// <summary>The tokens.</summary>
    public long Tokens;

    /// <summary>Characters read, table look-ups, and moves in the heap and in lists: the work that must stay in proportion to the text.</summary>
    public long Steps;

    /// <summary>Takes the tokens themselves, when somebody wants them.</summary>
    public List<int>? Ids;

    public void Add(int token)
    {
        Tokens++;
        Ids?.Add(token);
    }
}
