using Dogana.Bench.Figures;
using Dogana.Bench.Processes;
using Dogana.Testing.EngineProbe;
using Dogana.Testing.ModelFiles;

namespace Dogana.Bench.EngineSpeed;

/// <summary>The embedded engine beside llama.cpp: the same files, one thread each, in turn.</summary>
internal sealed class EngineBenchmark : IBenchmark
{
    private const int ContextTokens = 512;
    private const int PromptTokens = 128;
    private const int GreedyTokens = 64;
    private const int RandomPrompts = 20;
    private const int RandomPromptTokens = 24;

    private static readonly WeightType[] Types = [WeightType.Q8_0, WeightType.Q4_0, WeightType.Q5_0, WeightType.Q4_K, WeightType.Q6_K, WeightType.BF16];

    public string Name => "engine";

    public string Summary => "the embedded engine beside llama.cpp: tokens a second at one thread, and do they say the same";

    public IReadOnlyList<string> Reading => EngineFigures.Reading;

    public async Task<IReadOnlyList<Figure>> RunAsync(BenchRun run, CancellationToken cancellation)
    {
        var folder = Path.Combine(Built.Root, "artifacts", "bench-engine");
        Directory.CreateDirectory(folder);
        var file = Path.Combine(folder, "model.gguf");
        var rounds = new Rounds();
        await using var other = LlamaCppProcess.Start();
        var clerk = new TrainedModel(Path.Combine(Built.Root, "models", "clerk", "clerk-q8_0.gguf"));
        foreach (var type in Types)
        {
            run.Progress($"clerk, {type}");
            clerk.Write(file, type);
            await CompareAsync("clerk", type, file, other, [.. Questions.All.Select(clerk.Prompt)], clerk.EndTokens, rounds, cancellation);
        }

        foreach (var of in (Func<WeightType, ModelShape>[])(run.IsQuick ? [ModelShape.Small] : [ModelShape.Small, ModelShape.Large]))
        {
            foreach (var type in Types)
            {
                var shape = of(type);
                run.Progress($"{shape.Name}, {type}");
                shape.Write(file, type);
                await MeasureAsync(shape, type, file, other, run.IsQuick, rounds, cancellation);
                if (!run.IsQuick && shape.Name == "12m")
                {
                    await CompareAsync(shape.Name, type, file, other, shape.Prompts(RandomPrompts, RandomPromptTokens), ends: null, rounds, cancellation);
                }
            }
        }

        Directory.Delete(folder, recursive: true);
        return rounds.ToFigures();
    }

    private static async Task MeasureAsync(
        ModelShape shape, WeightType type, string file, LlamaCppProcess other, bool isQuick, Rounds rounds, CancellationToken cancellation)
    {
        await other.OpenAsync(file, ContextTokens, isPlain: false);
        var own = new DoganaSession(file, ContextTokens);
        var (count, decoded) = (isQuick ? 3 : 7, shape.Name == "12m" ? 192 : 32);
        var prompt = shape.Prompts(1, PromptTokens)[0];
        foreach (var session in (IDecodingSession[])[own, other])
        {
            await session.RunAsync(prompt, decoded);
            await session.RunAsync(prompt, decoded);
        }

        for (var round = 0; round < count; round++)
        {
            cancellation.ThrowIfCancellationRequested();
            var (mine, theirs) = (await own.RunAsync(prompt, decoded), await other.RunAsync(prompt, decoded));
            double Decode(Said said) => (decoded - 1) / said.DecodeSeconds;
            double Prompt(Said said) => PromptTokens / said.PromptSeconds;
            rounds.Add(EngineFigures.Decode(shape, type), Decode(mine), decoded - 1);
            rounds.Add(EngineFigures.DecodeOther(shape, type), Decode(theirs), decoded - 1);
            rounds.Add(EngineFigures.DecodeRatio(shape, type), Decode(mine) / Decode(theirs), 0);
            rounds.Add(EngineFigures.Prompt(shape, type), Prompt(mine), PromptTokens);
            rounds.Add(EngineFigures.PromptOther(shape, type), Prompt(theirs), PromptTokens);
            rounds.Add(EngineFigures.PromptRatio(shape, type), Prompt(mine) / Prompt(theirs), 0);
        }
    }

    /// <summary>Compares with llama.cpp done plainly, with llama.cpp as it comes, and these two with each other.</summary>
    private static async Task CompareAsync(
        string model, WeightType type, string file, LlamaCppProcess other,
        IReadOnlyList<IReadOnlyList<int>> prompts, IReadOnlySet<int>? ends, Rounds rounds, CancellationToken cancellation)
    {
        var own = await AnswerAsync(new DoganaSession(file, ContextTokens), prompts, ends, cancellation);
        await other.OpenAsync(file, ContextTokens, isPlain: true);
        var plain = await AnswerAsync(other, prompts, ends, cancellation);
        await other.OpenAsync(file, ContextTokens, isPlain: false);
        var usual = await AnswerAsync(other, prompts, ends, cancellation);
        rounds.Add(EngineFigures.Equal(model, type, isTrained: ends is not null), Equal(own, plain), prompts.Count);
        rounds.Add(EngineFigures.EqualUsual(model, type), Equal(own, usual), prompts.Count);
        rounds.Add(EngineFigures.EqualSelf(model, type), Equal(plain, usual), prompts.Count);
        for (var i = 0; i < prompts.Count; i++)
        {
            rounds.Add(EngineFigures.Difference(model, type), Difference(own[i], plain[i]), 1);
            rounds.Add(EngineFigures.DifferenceSelf(model, type), Difference(plain[i], usual[i]), 1);
        }

        static double Equal(IReadOnlyList<Answer> some, IReadOnlyList<Answer> others) =>
            some.Zip(others).Count(static pair => pair.First.Tokens.SequenceEqual(pair.Second.Tokens)) / (double)some.Count;

        static double Difference(Answer one, Answer another) => one.Scores.Zip(another.Scores, static (a, b) => Math.Abs((double)a - b)).Max();
    }

    private static async Task<IReadOnlyList<Answer>> AnswerAsync(
        IDecodingSession session, IReadOnlyList<IReadOnlyList<int>> prompts, IReadOnlySet<int>? ends, CancellationToken cancellation)
    {
        var answers = new List<Answer>();
        foreach (var prompt in prompts)
        {
            cancellation.ThrowIfCancellationRequested();
            var said = await session.RunAsync(prompt, GreedyTokens);
            answers.Add(new Answer([.. said.Tokens.TakeWhile(token => ends?.Contains(token) != true)], await session.ScoresAsync(prompt)));
        }

        return answers;
    }

    /// <summary>What was said after a prompt, up to the end, and the scores right after the prompt.</summary>
    private sealed record Answer(IReadOnlyList<int> Tokens, float[] Scores);
}
