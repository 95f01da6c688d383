using Dogana.Engine;
using Dogana.Engine.Gguf;
using Microsoft.Extensions.AI;

namespace Dogana.Tests.Engine;

public sealed class BrokenModelFileTests : IDisposable
{
    private readonly ModelFolder _folder = new();
    private readonly TinyModel _model = TinyModel.Create();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("llama.block_count")]
    [InlineData("llama.embedding_length")]
    [InlineData("llama.context_length")]
    [InlineData("llama.attention.head_count")]
    [InlineData("llama.feed_forward_length")]
    [InlineData("llama.attention.layer_norm_rms_epsilon")]
    [InlineData("general.architecture")]
    [InlineData("tokenizer.ggml.model")]
    [InlineData("tokenizer.ggml.tokens")]
    [InlineData("tokenizer.ggml.scores")]
    public void A_missing_key_is_named(string key)
    {
        _model.File.Remove(key);
        ModelFileException error = Refused();
        error.Key.ShouldBe(key);
        error.Message.ShouldContain("found no such key");
    }

    [Theory]
    [InlineData("general.architecture", "gpt2", "architecture 'gpt2' is not supported")]
    [InlineData("tokenizer.ggml.model", "bert", "found 'bert'")]
    [InlineData("llama.attention.head_count_kv", 3u, "a divisor of 4")]
    [InlineData("llama.attention.head_count", "four", "an integer")]
    [InlineData("llama.rope.freq_base", 0f, "a positive number")]
    [InlineData("llama.rope.freq_base", float.NaN, "a finite number")]
    [InlineData("llama.rope.scaling.type", "yarn", "found 'yarn'")]
    [InlineData("llama.rope.dimension_count", 17u, "from 0 to 16")]
    [InlineData("llama.expert_count", 8u, "mixtures of experts")]
    [InlineData("llama.attention.sliding_window", 4096u, "is not supported")]
    [InlineData("llama.logit_scale", 8f, "is not supported")]
    [InlineData("tokenizer.ggml.eos_token_id", 9999u, "an integer from 0 to")]
    [InlineData("tokenizer.chat_template", "{% macro m() %}{% endmacro %}", "the statement 'macro'")]
    public void A_wrong_value_is_named(string key, object value, string words)
    {
        _model.File.Set(key, value);
        ModelFileException error = Refused();
        error.Key.ShouldBe(key);
        error.Message.ShouldContain(words);
    }

    [Fact]
    public void An_unknown_pre_tokenizer_is_named()
    {
        TinyModel model = TinyModel.Create(1, tiny => tiny.With(vocabulary: TinyVocabulary.ByteLevel(pre: "tekken")));
        ModelFileException error = Should.Throw<ModelFileException>(() => _folder.Load(model));
        error.Key.ShouldBe("tokenizer.ggml.pre");
        error.Message.ShouldContain("found 'tekken'");
    }

    [Fact]
    public void A_missing_tensor_is_named()
    {
        _model.File.RemoveTensor("blk.1.ffn_up.weight");
        Refused().Tensor.ShouldBe("blk.1.ffn_up.weight");
    }

    [Fact]
    public void A_tensor_of_another_shape_is_named_with_both_shapes()
    {
        _model.File.ReplaceTensor("blk.0.attn_k.weight", tensor => ([64, 16], tensor.Type, tensor.Bytes[..4096]));
        ModelFileException error = Refused();
        error.Tensor.ShouldBe("blk.0.attn_k.weight");
        error.Message.ShouldContain("expected shape [64, 32], found [64, 16]");
    }

    [Fact]
    public void A_tensor_of_another_type_is_named_with_it()
    {
        _model.File.ReplaceTensor("blk.0.attn_q.weight", tensor => (tensor.Dimensions, 11, tensor.Bytes));
        ModelFileException error = Refused();
        error.Tensor.ShouldBe("blk.0.attn_q.weight");
        error.Message.ShouldContain("type Q3_K is not supported");
    }

    [Fact]
    public void Rows_that_are_no_whole_blocks_are_refused()
    {
        _model.File.ReplaceTensor("blk.0.attn_q.weight", tensor => (tensor.Dimensions, 14, tensor.Bytes));
        ModelFileException error = Refused();
        error.Tensor.ShouldBe("blk.0.attn_q.weight");
        error.Message.ShouldContain("a multiple of 256 values for Q6_K, found 64");
    }

    [Fact]
    public void A_missing_bias_of_qwen2_is_named()
    {
        TinyModel model = TinyModel.Create(1, tiny => tiny.With(family: "qwen2"));
        model.File.RemoveTensor("blk.1.attn_k.bias");
        Should.Throw<ModelFileException>(() => _folder.Load(model)).Tensor.ShouldBe("blk.1.attn_k.bias");
    }

    [Fact]
    public void A_tensor_that_is_not_a_part_of_the_model_is_named()
    {
        _model.File.AddTensor("blk.0.attn_q.bias", [1], 0, new byte[4]);
        Refused().Tensor.ShouldBe("blk.0.attn_q.bias");
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(2u)]
    [InlineData(8u)]
    [InlineData(12u)]
    [InlineData(14u)]
    [InlineData(30u)]
    public void Truncated_tensor_data_names_the_tensor(uint type)
    {
        string path = _folder.Save(TinyModel.Create(1, model => model.With(type: (TensorType)type, width: 256, feedForward: 256)).File);
        byte[] bytes = File.ReadAllBytes(path);
        File.WriteAllBytes(path, bytes[..^100]);
        ModelFileException error = Should.Throw<ModelFileException>(() => EmbeddedChatModel.Load(path));
        error.Tensor.ShouldBe("blk.1.ffn_down.weight");
        error.Message.ShouldContain("truncated");
    }

    [Fact]
    public async Task Damaged_files_load_or_are_refused_with_a_model_file_error()
    {
        byte[] sound = TinyModel.Create(1, model => model.With(layers: 1, width: 16, heads: 2, keyValueHeads: 1, ropeWidth: 8)).File.ToBytes();
        var random = new Random(20_261_122);
        string path = Path.Combine(_folder.Path, "damaged.gguf");
        int loaded = 0;
        for (int round = 0; round < 300; round++)
        {
            byte[] bytes = [.. sound];
            // Three in four hits go to the header, which is where a byte means most.
            int reach = round % 4 == 0 ? bytes.Length : 9_000;
            for (int hits = random.Next(1, 6); hits > 0; hits--)
            {
                bytes[random.Next(reach)] = (byte)random.Next(256);
            }

            File.WriteAllBytes(path, round % 5 == 0 ? bytes[..random.Next(bytes.Length)] : bytes);
            try
            {
                using EmbeddedChatModel model = EmbeddedChatModel.Load(path, new EmbeddedChatOptions { Slots = 1 });
                loaded++;
                await model.GetResponseAsync(
                    [new ChatMessage(ChatRole.User, "hello")], new ChatOptions { MaxOutputTokens = 2 }, TestContext.Current.CancellationToken);
            }
            catch (Exception error) when (error is ModelFileException or ChatTemplateException or PromptTooLongException)
            {
                // What damaged files are meant to give.
            }
        }

        loaded.ShouldBeInRange(1, 299);
    }

    private ModelFileException Refused() => Should.Throw<ModelFileException>(() => _folder.Load(_model));
}
