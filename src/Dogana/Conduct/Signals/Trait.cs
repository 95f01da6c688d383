namespace Dogana.Conduct.Signals;

/// <summary>What a prompt is like, whatever it is about. Kept as counts; the numbers are part of what a sketch writes and grow by appending.</summary>
internal enum Trait
{
    /// <summary>What changes from call to call begins with an instruction.</summary>
    Imperative,

    /// <summary>It ends with a question.</summary>
    Question,

    /// <summary>Nobody speaks of himself in it.</summary>
    Impersonal,

    /// <summary>It gives choices to choose from.</summary>
    Choices,

    /// <summary>It says which few answers are allowed.</summary>
    ClosedAnswer,

    /// <summary>It shows solved examples before what is asked.</summary>
    Exemplars,

    /// <summary>It is a word problem: numbers, and how many or how much in the end.</summary>
    WordProblem,

    /// <summary>It is the head of a function, to be filled in.</summary>
    CodeStub,

    /// <summary>It holds an answer that is marked as one.</summary>
    AnswerBlock,

    /// <summary>It holds two or more of them.</summary>
    AnswerBlocks,

    /// <summary>It speaks of instructions, tasks, prompts, inputs and outputs.</summary>
    MetaTalk,

    /// <summary>It asks for tasks, questions or examples to be made.</summary>
    AsksTasks,

    /// <summary>It speaks of AI models or assistants.</summary>
    AiMention,

    /// <summary>It names a scale or a form of verdict.</summary>
    Verdict,

    /// <summary>It asks to evaluate or compare.</summary>
    Evaluates,

    /// <summary>It asks for the reasoning.</summary>
    Reasoning,

    /// <summary>It holds an instruction inside of an instruction.</summary>
    Nested,

    /// <summary>It ends with a label and nothing behind it.</summary>
    OpenEnd,

    /// <summary>It lists four or more numbered rules.</summary>
    NumberedRules,

    /// <summary>Most of its words are a template's.</summary>
    Templated,

    /// <summary>A program is in it.</summary>
    Code,

    /// <summary>It gives choices that no other call gave.</summary>
    OwnChoices,

    /// <summary>It shows instructions with inputs or outputs, two or more.</summary>
    InstructionShots,
}

/// <summary>The traits of a prompt, as bits.</summary>
internal static class Traits
{
    public const int Count = (int)Trait.InstructionShots + 1;

    /// <summary>The traits that a catalogue may name, by their names.</summary>
    public static IReadOnlyDictionary<string, Trait> Named { get; } = new Dictionary<string, Trait>(StringComparer.Ordinal)
    {
        ["choices"] = Trait.Choices,
        ["exemplars"] = Trait.Exemplars,
        ["instruction_shots"] = Trait.InstructionShots,
        ["word_problem"] = Trait.WordProblem,
        ["code_stub"] = Trait.CodeStub,
        ["answer_block"] = Trait.AnswerBlock,
        ["answer_blocks"] = Trait.AnswerBlocks,
        ["open_end"] = Trait.OpenEnd,
        ["numbered_rules"] = Trait.NumberedRules,
        ["code"] = Trait.Code,
    };

    public static uint Bit(Trait trait) => 1u << (int)trait;

    public static bool Has(uint traits, Trait trait) => (traits & Bit(trait)) != 0;
}
