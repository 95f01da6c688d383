using Dogana.Bench.Figures;
using Dogana.Testing.ModelFiles;

namespace Dogana.Bench.EngineSpeed;

/// <summary>The figures of the engine and their goals: the same ones for every shape and type.</summary>
internal static class EngineFigures
{
    public static IReadOnlyList<string> Reading { get; } =
    [
        "Tokens a second of the processor's time (user and system) at one thread, so that other work on the machine shifts them little; both in turn, the same file.",
        "`12m` and `135m` have random weights. Q4_K and Q6_K need rows of a multiple of 256: their shapes have as many weights in fewer, wider layers, so compare the two columns, not types.",
        "`_decode`: one token after another; `_prompt`: 128 tokens at once, with the first token of the answer. `_llama` is llama.cpp, `_ratio` Dogana's ÷ llama.cpp's.",
        "`_greedy_equal`: of all prompts, those for which both say the same, always the likeliest token, 64 tokens or to the end. Clerk is trained; where weights are random, likeliest tokens are near ties and nobody is right.",
        "It is compared with llama.cpp with keys and values in 32 bits and without flash attention, as Dogana does it; `_usual` with llama.cpp as it comes; `_self` is llama.cpp the one way and the other: by so much it differs from itself.",
        "`_score_difference`: the largest difference of any token's score after a prompt, for each prompt. Inputs of matrices are rounded to 8 bits on both sides, so the last bit of a float decides now and then about a whole step.",
    ];

    public static FigureKind Decode(ModelShape shape, WeightType type) => Of($"{shape.Name}_{Lower(type)}_decode", "tokens/s", null);

    public static FigureKind DecodeOther(ModelShape shape, WeightType type) => Of($"{shape.Name}_{Lower(type)}_decode_llama", "tokens/s", null);

    public static FigureKind DecodeRatio(ModelShape shape, WeightType type) =>
        Of($"{shape.Name}_{Lower(type)}_decode_ratio", "own/llama.cpp", Goal.AtLeast(0.5));

    public static FigureKind Prompt(ModelShape shape, WeightType type) => Of($"{shape.Name}_{Lower(type)}_prompt", "tokens/s", null);

    public static FigureKind PromptOther(ModelShape shape, WeightType type) => Of($"{shape.Name}_{Lower(type)}_prompt_llama", "tokens/s", null);

    public static FigureKind PromptRatio(ModelShape shape, WeightType type) =>
        Of($"{shape.Name}_{Lower(type)}_prompt_ratio", "own/llama.cpp", Goal.AtLeast(0.5));

    public static FigureKind Equal(string model, WeightType type, bool isTrained) =>
        Of($"{model}_{Lower(type)}_greedy_equal", "share", isTrained ? Goal.Exactly(1) : null);

    public static FigureKind EqualUsual(string model, WeightType type) => Of($"{model}_{Lower(type)}_greedy_equal_usual", "share", null);

    public static FigureKind EqualSelf(string model, WeightType type) => Of($"{model}_{Lower(type)}_greedy_equal_self", "share", null);

    public static FigureKind Difference(string model, WeightType type) => Of($"{model}_{Lower(type)}_score_difference", "", null);

    public static FigureKind DifferenceSelf(string model, WeightType type) => Of($"{model}_{Lower(type)}_score_difference_self", "", null);

    private static FigureKind Of(string name, string unit, Goal? goal) => new(name, unit, goal, "");

    private static string Lower(WeightType type) => type.ToString().ToLowerInvariant();
}
