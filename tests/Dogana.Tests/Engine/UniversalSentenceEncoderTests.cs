using System.Numerics.Tensors;
using System.Text.Json;
using Dogana.Engine;
using Dogana.Engine.SentenceEncoding;
using Microsoft.Extensions.AI;

namespace Dogana.Tests.Engine;

public sealed class UniversalSentenceEncoderTests(UniversalSentenceEncoderTests.Encoder shared) : IClassFixture<UniversalSentenceEncoderTests.Encoder>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string, int[], float[]> Measured()
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(Repository.File("tests/Dogana.Tests/Engine/use-lite-vectors.json")));
        var data = new TheoryData<string, int[], float[]>();
        foreach (JsonElement item in document.RootElement.GetProperty("cases").EnumerateArray().Where(item => item.TryGetProperty("vector", out _)))
        {
            data.Add(Text(item.GetProperty("text")), Numbers(item, "tokens", number => number.GetInt32()), Numbers(item, "vector", number => number.GetSingle()));
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Measured), DisableDiscoveryEnumeration = true)]
    public async Task Vectors_equal_those_of_tensorflow(string text, int[] tokens, float[] vector)
    {
        UnigramTokenizer.Load(Path.Combine(EmbeddedModels.UseLitePath, "vocab.json")).Encode(text).ShouldBe(tokens);
        GeneratedEmbeddings<Embedding<float>> found = await shared.Model.GenerateAsync([text], null, Cancellation);
        found[0].Vector.ToArray().Zip(vector, (a, b) => Math.Abs(a - b)).Max().ShouldBeLessThan(1e-5f);
        found.Usage!.InputTokenCount.ShouldBe(Math.Min(tokens.Length, 128));
        shared.Model.CountTokens(text).ShouldBe(tokens.Length);
    }

    [Fact]
    public async Task An_empty_text_has_a_vector_of_zeros_and_no_token()
    {
        GeneratedEmbeddings<Embedding<float>> found = await shared.Model.GenerateAsync([""], null, Cancellation);
        found[0].Vector.ToArray().ShouldAllBe(value => value == 0);
        found.Usage!.InputTokenCount.ShouldBe(0);
    }

    [Fact]
    public async Task Texts_of_the_same_meaning_are_nearer_than_others()
    {
        GeneratedEmbeddings<Embedding<float>> found = await shared.Model.GenerateAsync(
            ["How can I recover access to my account?", "I forgot my password.", "The soup needs more basil."], null, Cancellation);
        float near = TensorPrimitives.Dot(found[0].Vector.Span, found[1].Vector.Span);
        near.ShouldBeGreaterThan(TensorPrimitives.Dot(found[0].Vector.Span, found[2].Vector.Span) + 0.2f);
    }

    [Fact]
    public async Task Usage_is_the_sum_over_all_texts()
    {
        GeneratedEmbeddings<Embedding<float>> found = await shared.Model.GenerateAsync(["x", "Hello, world!"], null, Cancellation);
        found.Count.ShouldBe(2);
        found.Usage!.TotalTokenCount.ShouldBe(shared.Model.CountTokens("x") + shared.Model.CountTokens("Hello, world!"));
    }

    [Fact]
    public async Task Other_dimensions_are_refused() => await Should.ThrowAsync<ArgumentOutOfRangeException>(
        () => shared.Model.GenerateAsync(["x"], new EmbeddingGenerationOptions { Dimensions = 256 }, Cancellation));

    [Fact]
    public async Task A_cancelled_call_gives_nothing() => await Should.ThrowAsync<OperationCanceledException>(
        () => shared.Model.GenerateAsync(["x"], null, new CancellationToken(canceled: true)));

    [Fact]
    public async Task Calls_beyond_slots_and_queue_are_refused()
    {
        using UniversalSentenceEncoder model = UniversalSentenceEncoder.Load(
            EmbeddedModels.UseLitePath, new UniversalSentenceEncoderOptions { Slots = 1, WaitingCallsMax = 0 });
        Task busy = model.GenerateAsync(Enumerable.Repeat("many words to read", 40), null, Cancellation);
        await Should.ThrowAsync<EngineBusyException>(() => model.GenerateAsync(["x"], null, Cancellation));
        await busy;
        (await model.GenerateAsync(["x"], null, Cancellation)).Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("model.json", "{}")]
    [InlineData("model.json", "not JSON")]
    [InlineData("model.json", """{"weightsManifest":[{"paths":["group1-shard1of7"],"weights":[{"name":"a","shape":[9999999],"dtype":"float32"}]}]}""")]
    [InlineData("model.json", """{"weightsManifest":[{"paths":["group1-shard1of7"],"weights":[{"name":"a","shape":[2],"dtype":"uint8"}]}]}""")]
    [InlineData("model.json", """{"weightsManifest":[{"paths":["group1-shard1of7"],"weights":[]}]}""")]
    [InlineData("vocab.json", """[["a"]]""")]
    [InlineData("vocab.json", """{}""")]
    public void Damaged_files_are_refused(string name, string text)
    {
        using var folder = new ModelFolder();
        foreach (string file in (string[])["model.json", "vocab.json", "group1-shard1of7"])
        {
            File.Copy(Path.Combine(EmbeddedModels.UseLitePath, file), Path.Combine(folder.Path, file));
        }

        File.WriteAllText(Path.Combine(folder.Path, name), text);
        Should.Throw<ModelFileException>(() => UniversalSentenceEncoder.Load(folder.Path));
    }

    private static T[] Numbers<T>(JsonElement item, string name, Func<JsonElement, T> read) =>
        [.. item.GetProperty(name).EnumerateArray().Select(read)];

    /// <summary>A text as JavaScript has it: half a surrogate pair, which no UTF-8 text may hold, is escaped in the file.</summary>
    private static string Text(JsonElement text)
    {
        string raw = text.GetRawText();
        return raw.Contains("\\ud800", StringComparison.Ordinal)
            ? JsonSerializer.Deserialize<string>(raw.Replace("\\ud800", "@half@", StringComparison.Ordinal))!.Replace("@half@", "\uD800", StringComparison.Ordinal)
            : text.GetString()!;
    }

    public sealed class Encoder : IDisposable
    {
        public UniversalSentenceEncoder Model { get; } = UniversalSentenceEncoder.Load(EmbeddedModels.UseLitePath);

        public void Dispose() => Model.Dispose();
    }
}
