using Dogana.Engine.ChatTemplates;
using Dogana.Engine.Gguf;
using Dogana.Engine.Matrices;
using Dogana.Engine.Tokenizers;
using Dogana.Testing.ModelFiles;

namespace Dogana.Testing.EngineProbe;

/// <summary>A model file: its tokens for questions, and the same model in other types.</summary>
public sealed class TrainedModel
{
    private readonly string _path;
    private readonly TextTokenizer _tokenizer;
    private readonly ChatTemplate _template;

    public TrainedModel(string path)
    {
        _path = path;
        using var file = GgufFile.Open(path);
        _tokenizer = TextTokenizer.Read(file.Metadata);
        _template = ChatTemplate.Read(file.Metadata, _tokenizer.Vocabulary, TimeProvider.System);
    }

    /// <summary>The tokens that end an answer.</summary>
    public IReadOnlySet<int> EndTokens => _tokenizer.Vocabulary.EndTokens;

    /// <summary>The tokens of a question as the model reads it.</summary>
    public IReadOnlyList<int> Prompt(string question) => _tokenizer.EncodePrompt(_template.Render([new ChatTurn("user", question)]));

    /// <summary>Writes the model with its matrices in another type, where their rows fit it.</summary>
    public void Write(string path, WeightType type)
    {
        using var file = GgufFile.Open(_path);
        var writer = new GgufWriter();
        foreach (var (key, value) in file.Metadata.Values)
        {
            writer.Set(key, value);
        }

        foreach (var tensor in file.Tensors.Values)
        {
            var columns = (int)tensor.Dimensions[0];
            var bytes = file.ReadTensor(tensor);
            var fitting = tensor.Dimensions.Count == 1 ? (WeightType)tensor.Type : BlockEncoder.Fitting(type, columns);
            if (fitting != (WeightType)tensor.Type)
            {
                var rows = (int)tensor.Dimensions[1];
                var matrix = WeightMatrix.Create(tensor, bytes, rows, columns);
                bytes = [.. Enumerable.Range(0, rows).SelectMany(row => BlockEncoder.Encode(fitting, matrix.Row(row, new float[columns])))];
            }

            writer.AddTensor(tensor.Name, [.. tensor.Dimensions], (uint)fitting, bytes);
        }

        using var stream = File.Create(path);
        writer.WriteTo(stream);
    }
}
