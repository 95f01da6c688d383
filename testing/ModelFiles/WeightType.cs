namespace Dogana.Testing.ModelFiles;

/// <summary>ggml's numbers of the types that are written here.</summary>
public enum WeightType : uint
{
    F32 = 0,
    F16 = 1,
    Q4_0 = 2,
    Q5_0 = 6,
    Q8_0 = 8,
    Q4_K = 12,
    Q6_K = 14,
    BF16 = 30,
}
