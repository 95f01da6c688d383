using System.Globalization;

namespace Dogana.Engine.Gguf;

/// <summary>The key-value pairs of a model file, read with the type and range that the reader needs.</summary>
internal sealed class GgufMetadata(IReadOnlyDictionary<string, object> values)
{
    public IReadOnlyDictionary<string, object> Values => values;

    public bool Has(string key) => values.ContainsKey(key);

    public int Integer(string key, int min, int max) =>
        OptionalInteger(key, min, max) ?? throw Missing(key, $"an integer from {min} to {max}");

    public int? OptionalInteger(string key, int min, int max)
    {
        if (!values.TryGetValue(key, out object? value))
        {
            return null;
        }

        decimal number = value switch
        {
            byte v => v,
            sbyte v => v,
            ushort v => v,
            short v => v,
            uint v => v,
            int v => v,
            ulong v => v,
            long v => v,
            _ => throw Wrong(key, "an integer", value),
        };
        return number >= min && number <= max ? (int)number : throw Wrong(key, $"an integer from {min} to {max}", value);
    }

    public float Number(string key) => OptionalNumber(key) ?? throw Missing(key, "a number");

    public float? OptionalNumber(string key)
    {
        if (!values.TryGetValue(key, out object? value))
        {
            return null;
        }

        float number = value switch
        {
            float v => v,
            double v => (float)v,
            _ => throw Wrong(key, "a floating-point number", value),
        };
        return float.IsFinite(number) ? number : throw Wrong(key, "a finite number", value);
    }

    public bool? OptionalFlag(string key) => values.TryGetValue(key, out object? value)
        ? value as bool? ?? throw Wrong(key, "true or false", value)
        : null;

    public string Text(string key) => OptionalText(key) ?? throw Missing(key, "a string");

    public string? OptionalText(string key) => values.TryGetValue(key, out object? value)
        ? value as string ?? throw Wrong(key, "a string", value)
        : null;

    public T[] List<T>(string key) => OptionalList<T>(key) ?? throw Missing(key, $"an array of {typeof(T).Name}");

    public T[]? OptionalList<T>(string key)
    {
        if (!values.TryGetValue(key, out object? value))
        {
            return null;
        }

        // The run-time's array casts would let int[] pass for uint[], so the element type is compared itself.
        return value.GetType() == typeof(T[]) ? (T[])value : throw Wrong(key, $"an array of {typeof(T).Name}", value);
    }

    private static ModelFileException Missing(string key, string expected) =>
        ModelFileException.ForKey(key, $"expected {expected}, found no such key.");

    private static ModelFileException Wrong(string key, string expected, object found)
    {
        string text = found is Array array
            ? $"an array of {array.Length} {found.GetType().GetElementType()!.Name}"
            : string.Create(CultureInfo.InvariantCulture, $"{found.GetType().Name} {found}");
        return ModelFileException.ForKey(key, $"expected {expected}, found {(text.Length > 100 ? text[..100] + "…" : text)}.");
    }
}
