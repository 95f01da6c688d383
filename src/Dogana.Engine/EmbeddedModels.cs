namespace Dogana.Engine;

/// <summary>Where the models lie that come with the product, beside the program.</summary>
public static class EmbeddedModels
{
    /// <summary>The chat model "clerk": a GGUF file.</summary>
    public static string ClerkPath => Path.Combine(AppContext.BaseDirectory, "models", "clerk", "clerk-q8_0.gguf");

    /// <summary>The Universal Sentence Encoder lite: a folder.</summary>
    public static string UseLitePath => Path.Combine(AppContext.BaseDirectory, "models", "use-lite");
}
