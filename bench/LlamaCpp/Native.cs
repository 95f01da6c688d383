using System.Reflection;
using System.Runtime.InteropServices;

namespace LlamaCpp;

/// <summary>
/// The few functions of llama.cpp that are called, as the package of <c>bench/llama-cpp</c> has them: Linux, x64, this version alone.
/// </summary>
/// <remarks>
/// Parameters go by value, whose structures grow from version to version. By this machine's calling convention they lie on the
/// stack, and a callee reads only as much as it knows; so a block that is large enough stands for each, of which the library itself
/// writes the defaults and of which a few numbers are changed here, where this version has them.
/// </remarks>
internal static partial class Native
{
    private const string Llama = "llama";
    private const string Ggml = "ggml";
    private const string GgmlBase = "ggml-base";

    /// <summary>Loads the libraries of a folder and the processor's best variant of the arithmetic.</summary>
    public static unsafe void Load(string folder)
    {
        NativeLibrary.SetDllImportResolver(Assembly.GetExecutingAssembly(), (name, _, _) => NativeLibrary.Load(
            Directory.EnumerateFiles(folder, $"lib{name}*.so").Order(StringComparer.Ordinal)
                .First(path => Path.GetFileName(path) == $"lib{name}.so" || Path.GetFileName(path).StartsWith($"lib{name}.v", StringComparison.Ordinal))));
        SetLog(&Ignore, 0);
        LoadBackends(folder);
        InitBackend();
    }

    [LibraryImport(GgmlBase, EntryPoint = "dequantize_row_q4_0")]
    public static unsafe partial void ExpandNibbles(byte* blocks, float* values, long count);

    [LibraryImport(GgmlBase, EntryPoint = "dequantize_row_q5_0")]
    public static unsafe partial void ExpandFiveBits(byte* blocks, float* values, long count);

    [LibraryImport(GgmlBase, EntryPoint = "dequantize_row_q8_0")]
    public static unsafe partial void ExpandBytes(byte* blocks, float* values, long count);

    [LibraryImport(GgmlBase, EntryPoint = "dequantize_row_q4_K")]
    public static unsafe partial void ExpandNibbleSupers(byte* blocks, float* values, long count);

    [LibraryImport(GgmlBase, EntryPoint = "dequantize_row_q6_K")]
    public static unsafe partial void ExpandSixBitSupers(byte* blocks, float* values, long count);

    [LibraryImport(GgmlBase, EntryPoint = "ggml_bf16_to_fp32_row")]
    public static unsafe partial void ExpandUpperHalves(byte* halves, float* values, long count);

    [LibraryImport(Llama, EntryPoint = "llama_model_default_params")]
    public static partial Parameters ModelDefaults();

    [LibraryImport(Llama, EntryPoint = "llama_context_default_params")]
    public static partial Parameters ContextDefaults();

    [LibraryImport(Llama, EntryPoint = "llama_model_load_from_file", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint LoadModel(string path, Parameters parameters);

    [LibraryImport(Llama, EntryPoint = "llama_model_free")]
    public static partial void FreeModel(nint model);

    [LibraryImport(Llama, EntryPoint = "llama_model_get_vocab")]
    public static partial nint Vocabulary(nint model);

    [LibraryImport(Llama, EntryPoint = "llama_vocab_n_tokens")]
    public static partial int CountTokens(nint vocabulary);

    [LibraryImport(Llama, EntryPoint = "llama_init_from_model")]
    public static partial nint CreateContext(nint model, Parameters parameters);

    [LibraryImport(Llama, EntryPoint = "llama_free")]
    public static partial void FreeContext(nint context);

    [LibraryImport(Llama, EntryPoint = "llama_set_n_threads")]
    public static partial void SetThreads(nint context, int threads, int batchThreads);

    [LibraryImport(Llama, EntryPoint = "llama_get_memory")]
    public static partial nint Memory(nint context);

    [LibraryImport(Llama, EntryPoint = "llama_memory_clear")]
    public static partial void ClearMemory(nint memory, [MarshalAs(UnmanagedType.I1)] bool withData);

    [LibraryImport(Llama, EntryPoint = "llama_batch_get_one")]
    public static unsafe partial Batch BatchOf(int* tokens, int count);

    [LibraryImport(Llama, EntryPoint = "llama_decode")]
    public static partial int Decode(nint context, Batch batch);

    [LibraryImport(Llama, EntryPoint = "llama_get_logits_ith")]
    public static unsafe partial float* Logits(nint context, int index);

    [LibraryImport(Llama, EntryPoint = "llama_backend_init")]
    private static partial void InitBackend();

    [LibraryImport(Llama, EntryPoint = "llama_log_set")]
    private static unsafe partial void SetLog(delegate* unmanaged[Cdecl]<int, nint, nint, void> log, nint data);

    [LibraryImport(Ggml, EntryPoint = "ggml_backend_load_all_from_path", StringMarshalling = StringMarshalling.Utf8)]
    private static partial void LoadBackends(string folder);

    [UnmanagedCallersOnly(CallConvs = [typeof(System.Runtime.CompilerServices.CallConvCdecl)])]
    private static void Ignore(int level, nint text, nint data)
    {
    }

    /// <summary>Room for any parameters.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 512)]
    public struct Parameters
    {
        [FieldOffset(0)]
        public int Context;

        [FieldOffset(4)]
        public int Batch;

        [FieldOffset(8)]
        public int MicroBatch;

        /// <summary>-1: where it can; 0: no.</summary>
        [FieldOffset(52)]
        public int FlashAttention;

        /// <summary>0: 32 bits; 1, the default: 16.</summary>
        [FieldOffset(104)]
        public int KeyType;

        [FieldOffset(108)]
        public int ValueType;
    }

    /// <summary>Tokens to decode: one sequence, whose positions follow those so far.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Batch
    {
        public int Count;
        public nint Tokens;
        public nint Embeddings;
        public nint Positions;
        public nint SequenceCounts;
        public nint Sequences;
        public nint Wanted;
    }
}
