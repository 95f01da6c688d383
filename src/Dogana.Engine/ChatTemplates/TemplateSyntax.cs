namespace Dogana.Engine.ChatTemplates;

/// <summary>Errors about the text of a template, which is a part of the model file.</summary>
internal static class TemplateSyntax
{
    public const string Key = "tokenizer.chat_template";

    public static ModelFileException Error(string problem, int line) => ModelFileException.ForKey(Key, $"line {line}: {problem}");

    public static ModelFileException Unsupported(string construct, int line) => Error($"{construct} is not supported.", line);
}
