using Dogana.Engine.Gguf;
using Dogana.Tests.Engine;

namespace Dogana.ServerTests;

/// <summary>A llama-family GGUF that is not the default one: random weights from a seed.</summary>
internal static class OtherModel
{
    public static byte[] Bytes() => TinyModel.Create(TensorType.F16, seed: 7).File.ToBytes();
}
