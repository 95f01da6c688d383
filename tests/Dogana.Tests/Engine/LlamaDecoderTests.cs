using Dogana.Engine.Gguf;
using Dogana.Engine.Llama;

namespace Dogana.Tests.Engine;

public sealed class LlamaDecoderTests
{
    private static readonly int[] Tokens = [1, 260, 280, 290, 5, 300, 280, 12, 263];

    [Theory]
    [InlineData(0u)]
    [InlineData(1u)]
    [InlineData(2u)]
    [InlineData(8u)]
    [InlineData(12u)]
    [InlineData(14u)]
    [InlineData(30u)]
    public void Decoder_gives_the_reference_scores_for_a_weight_type(uint type) =>
        Compare(TinyModel.Create(1, model => model.With(type: (TensorType)type, width: 256, feedForward: 512)));

    [Fact]
    public void Decoder_gives_the_reference_scores_for_a_file_of_mixed_types()
    {
        TinyModel model = TinyModel.Create(2, model => model.With(type: TensorType.Q4_K, width: 256, feedForward: 96));
        model.Types.Values.Distinct().ShouldBe([TensorType.Q4_K, TensorType.Q5_0], ignoreOrder: true);
        Compare(model);
    }

    [Theory]
    [InlineData(0u, 16)]
    [InlineData(0u, 8)]
    [InlineData(8u, 16)]
    public void Decoder_gives_the_reference_scores_of_qwen2(uint type, int ropeWidth) =>
        Compare(TinyModel.Create(3, model => model.With(type: (TensorType)type, family: "qwen2", ropeWidth: ropeWidth, ropeBase: 1_000_000, tied: false)));

    [Fact]
    public void Decoder_gives_the_reference_scores_without_shared_key_heads() =>
        Compare(TinyModel.Create(2, model => model.With(keyValueHeads: 4)));

    [Fact]
    public void Decoder_gives_the_reference_scores_with_one_key_head() =>
        Compare(TinyModel.Create(3, model => model.With(type: TensorType.Q8_0, heads: 4, keyValueHeads: 1, keyLength: 32)));

    [Fact]
    public void Decoder_gives_the_reference_scores_with_an_output_matrix_of_its_own() =>
        Compare(TinyModel.Create(4, model => model.With(tied: false)));

    [Fact]
    public void Decoder_gives_the_reference_scores_when_heads_are_wider_than_their_share() =>
        Compare(TinyModel.Create(5, model => model.With(keyLength: 32, ropeWidth: 32)));

    [Fact]
    public void Decoder_gives_the_reference_scores_when_only_a_part_of_a_head_turns() =>
        Compare(TinyModel.Create(6, model => model.With(ropeWidth: 8)));

    [Fact]
    public void Decoder_gives_the_reference_scores_with_linear_rope_scaling() =>
        Compare(TinyModel.Create(7, model => model.With(ropeFactor: 4)));

    [Fact]
    public void Decoder_gives_the_reference_scores_with_another_rope_base() =>
        Compare(TinyModel.Create(8, model => model.With(ropeBase: 500_000)));

    [Fact]
    public void Decoder_gives_the_reference_scores_with_rope_frequency_factors() =>
        Compare(TinyModel.Create(9, model => model.With(ropeFrequencies: true)));

    [Fact]
    public void A_width_that_is_no_multiple_of_a_vector_gives_the_reference_scores() =>
        Compare(TinyModel.Create(10, model => model.With(width: 20, heads: 2, keyValueHeads: 1, ropeWidth: 10)));

    [Theory]
    [InlineData(0u)]
    [InlineData(2u)]
    [InlineData(8u)]
    [InlineData(12u)]
    [InlineData(14u)]
    [InlineData(30u)]
    public void A_prompt_at_once_gives_the_same_scores_as_token_by_token(uint type)
    {
        using var folder = new ModelFolder();
        LlamaWeights weights = folder.LoadWeights(TinyModel.Create(1, model => model.With(type: (TensorType)type, width: 256, feedForward: 256)));
        int[] prompt = [.. Enumerable.Range(0, 75).Select(i => (i * 37) % 290)];
        var decoder = new LlamaDecoder(weights);
        var atOnce = new DecodingSlot(weights, 256);
        decoder.Decode(atOnce, prompt, 0, CancellationToken.None);
        var stepByStep = new DecodingSlot(weights, 256);
        for (int i = 0; i < prompt.Length; i++)
        {
            decoder.Decode(stepByStep, [prompt[i]], i, CancellationToken.None);
        }

        stepByStep.Logits.ShouldBe(atOnce.Logits);
    }

    [Fact]
    public void A_used_slot_gives_the_same_scores_as_a_new_one()
    {
        using var folder = new ModelFolder();
        LlamaWeights weights = folder.LoadWeights(TinyModel.Create());
        var decoder = new LlamaDecoder(weights);
        var slot = new DecodingSlot(weights, 256);
        decoder.Decode(slot, Tokens, 0, CancellationToken.None);
        float[] first = [.. slot.Logits];
        decoder.Decode(slot, [3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13], 0, CancellationToken.None);
        decoder.Decode(slot, Tokens, 0, CancellationToken.None);
        slot.Logits.ShouldBe(first);
    }

    [Fact]
    public void A_cancelled_prompt_stops()
    {
        using var folder = new ModelFolder();
        LlamaWeights weights = folder.LoadWeights(TinyModel.Create());
        Should.Throw<OperationCanceledException>(
            () => new LlamaDecoder(weights).Decode(new DecodingSlot(weights, 256), Tokens, 0, new CancellationToken(canceled: true)));
    }

    private static void Compare(TinyModel model)
    {
        using var folder = new ModelFolder();
        LlamaWeights weights = folder.LoadWeights(model);
        var slot = new DecodingSlot(weights, 256);
        new LlamaDecoder(weights).Decode(slot, Tokens, 0, CancellationToken.None);
        double[] expected = new ReferenceDecoder(model).Logits(Tokens);
        expected.Max(Math.Abs).ShouldBeGreaterThan(0.1);
        slot.Logits.Zip(expected, (found, wanted) => Math.Abs(found - wanted)).Max()
            .ShouldBeLessThan(model.Types.Values.Any(PlainBlocks.IsQuantised) ? 2e-3 : 2e-5);
    }
}
