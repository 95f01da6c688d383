using System.Runtime.InteropServices;
using System.Text.Json;

namespace Dogana.Engine.SentenceEncoding;

/// <summary>A model in TensorFlow.js's layers: names, shapes and bytes over several files.</summary>
internal sealed class EncoderWeights
{
    private const int TensorsMax = 4096;
    private const long BytesMax = 1L << 30;
    private readonly Dictionary<string, (int[] Shape, int Offset)> _tensors = new(StringComparer.Ordinal);
    private readonly byte[] _bytes;

    private EncoderWeights(string folder, JsonElement manifest)
    {
        string[] parts = [.. manifest.GetProperty("paths").EnumerateArray().Select(path => Path.GetFileName(path.GetString()!))];
        _bytes = ReadParts(folder, parts);
        long offset = 0;
        foreach (JsonElement tensor in manifest.GetProperty("weights").EnumerateArray().Take(TensorsMax))
        {
            string name = tensor.GetProperty("name").GetString()!;
            int[] shape = [.. tensor.GetProperty("shape").EnumerateArray().Select(size => size.GetInt32())];
            string type = tensor.GetProperty("dtype").GetString()!;
            if (type is not ("float32" or "int32") || tensor.TryGetProperty("quantization", out _))
            {
                throw ModelFileException.ForTensor(name, $"expected float32 or int32, not quantised, found {type}.");
            }

            if (shape.Any(size => size is < 1 or > (int)BytesMax) || !_tensors.TryAdd(name, (shape, (int)offset)))
            {
                throw ModelFileException.ForTensor(name, "expected once and with positive sizes.");
            }

            offset = shape.Aggregate(4L, (bytes, size) => Math.Min(bytes * size, BytesMax)) + offset;
            if (offset > _bytes.Length)
            {
                throw ModelFileException.ForTensor(
                    name, $"expected its bytes to end at {offset}, found {_bytes.Length}: a file is truncated.");
            }
        }
    }

    public static EncoderWeights Load(string folder)
    {
        string path = Path.Combine(folder, "model.json");
        try
        {
            using FileStream file = File.OpenRead(path);
            using JsonDocument document = JsonDocument.Parse(file);
            return new EncoderWeights(folder, document.RootElement.GetProperty("weightsManifest")[0]);
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException
            or FormatException or IndexOutOfRangeException or ArgumentNullException)
        {
            throw new ModelFileException($"{path}: expected a model of TensorFlow.js. {error.Message}", error);
        }
    }

    public float[] Vector(string name, int length) => Read(name, [length]);

    /// <summary>A matrix that the model multiplies from the right, turned so that each output's weights lie together.</summary>
    public DenseLayer Dense(string weights, string bias, int inputs, int outputs)
    {
        float[] stored = Read(weights, [inputs, outputs]);
        float[] turned = new float[stored.Length];
        for (int input = 0; input < inputs; input++)
        {
            for (int output = 0; output < outputs; output++)
            {
                turned[(output * inputs) + input] = stored[(input * outputs) + output];
            }
        }

        return new DenseLayer(turned, Vector(bias, outputs));
    }

    /// <summary>A tensor's values; leading dimensions of size 1 do not count as a part of its shape.</summary>
    public float[] Read(string name, int[] shape)
    {
        if (!_tensors.TryGetValue(name, out (int[] Shape, int Offset) tensor))
        {
            throw ModelFileException.ForTensor(name, $"expected shape [{string.Join(", ", shape)}], found no such tensor.");
        }

        if (!tensor.Shape.SkipWhile(size => size == 1).SequenceEqual(shape.SkipWhile(size => size == 1)))
        {
            throw ModelFileException.ForTensor(
                name, $"expected shape [{string.Join(", ", shape)}], found [{string.Join(", ", tensor.Shape)}].");
        }

        int count = shape.Aggregate(1, (product, size) => product * size);
        return MemoryMarshal.Cast<byte, float>(_bytes.AsSpan(tensor.Offset, count * sizeof(float))).ToArray();
    }

    private static byte[] ReadParts(string folder, string[] parts)
    {
        long length = parts.Sum(part => new FileInfo(Path.Combine(folder, part)).Length);
        if (length > BytesMax)
        {
            throw new ModelFileException($"{folder}: expected at most {BytesMax} bytes of weights, found {length}.");
        }

        using var all = new MemoryStream((int)length);
        foreach (string part in parts)
        {
            using FileStream file = File.OpenRead(Path.Combine(folder, part));
            file.CopyTo(all);
        }

        return all.ToArray();
    }
}
