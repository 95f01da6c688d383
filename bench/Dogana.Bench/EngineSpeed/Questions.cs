namespace Dogana.Bench.EngineSpeed;

/// <summary>What clerk is asked: some that it was taught, some that it was not.</summary>
internal static class Questions
{
    public static IReadOnlyList<string> All { get; } =
    [
        "Hello!", "Who are you?", "What can you do?", "What is a usage record?", "What is a price book?", "What is a channel?",
        "What happens when a family is suspended?", "Why does the reseller get a statement?", "How is the partner's share computed?",
        "Where can I see my invoice?", "What is a hold?", "Who can appeal a measure?", "What is an allotment?", "What is a deployment?",
        "Why does the journal matter?", "What is the difference between a quota and a budget?", "What is a corporate family?",
        "Can you write a poem about the sea?", "What is the capital of France?", "How much is 12 plus 30?", "Thank you!",
        "Give me an example of a contract.", "What is a lease?", "Who deals with ownership statements?",
    ];
}
