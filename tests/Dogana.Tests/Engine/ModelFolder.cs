using Dogana.Engine;
using Dogana.Engine.Gguf;
using Dogana.Engine.Llama;
using Dogana.Engine.Tokenizers;
using Dogana.Testing.ModelFiles;

namespace Dogana.Tests.Engine;

/// <summary>A temporary folder for the model files of a test.</summary>
internal sealed class ModelFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("dogana-engine");

    public string Path => _folder.FullName;

    public string Save(GgufWriter file) => file.Save(Path);

    public EmbeddedChatModel Load(TinyModel model, EmbeddedChatOptions? options = null) => EmbeddedChatModel.Load(Save(model.File), options);

    public LlamaWeights LoadWeights(TinyModel model)
    {
        using GgufFile file = GgufFile.Open(Save(model.File));
        return LlamaWeights.Read(file, model.Vocabulary.Texts.Count);
    }

    public TextTokenizer LoadTokenizer(TinyVocabulary vocabulary)
    {
        var writer = new GgufWriter();
        vocabulary.Write(writer);
        return LoadTokenizer(writer);
    }

    public TextTokenizer LoadTokenizer(GgufWriter writer)
    {
        using GgufFile file = GgufFile.Open(Save(writer));
        return TextTokenizer.Read(file.Metadata);
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
