namespace FakeUpstream;

/// <summary>Whose form an error has.</summary>
public enum ErrorDialect
{
    /// <summary>Anthropic's on its paths, else OpenAI's.</summary>
    ByPath,

    /// <summary><c>{"error":{"message","type","param","code"}}</c></summary>
    OpenAi,

    /// <summary><c>{"error":{"code","message"}}</c>, as Azure's front sends it.</summary>
    Azure,

    /// <summary><c>{"type":"error","error":{"type","message"},"request_id"}</c></summary>
    Anthropic,
}
