using System.Globalization;
using System.Text;

namespace Dogana.Engine.ChatTemplates;

/// <summary>The filter <c>tojson</c>, written as Python's <c>json.dumps(value, ensure_ascii=False)</c> writes it.</summary>
internal static class TemplateJson
{
    public static MarkedText Write(object? value, CallArguments arguments)
    {
        int? indent = arguments.Get(0, "indent", null) is long spaces ? (int)Math.Clamp(spaces, 0, 16) : null;
        var writer = new Writer(indent, arguments.Scope);
        writer.Append(value, 0);
        // One quoted text from outside makes the whole text foreign: quoting mixes the characters.
        return writer.HasForeign ? MarkedText.Foreign(writer.ToString()) : MarkedText.Own(writer.ToString());
    }

    private sealed class Writer(int? indent, TemplateScope scope)
    {
        private readonly StringBuilder _text = new();

        public bool HasForeign { get; private set; }

        public void Append(object? value, int depth)
        {
            scope.Step();
            switch (value)
            {
                case MarkedText text:
                    HasForeign |= text.HasForeign;
                    AppendString(text.Text);
                    break;
                case List<object?> list:
                    AppendMany('[', ']', list, depth, item => Append(item, depth + 1));
                    break;
                case TemplateMap map:
                    AppendMany('{', '}', map.Keys, depth, key =>
                    {
                        AppendString(key);
                        _text.Append(": ");
                        Append(map[key], depth + 1);
                    });
                    break;
                default:
                    _text.Append(value switch
                    {
                        null => "null",
                        bool flag => flag ? "true" : "false",
                        long number => number.ToString(CultureInfo.InvariantCulture),
                        double number => TemplateValues.WriteDouble(number),
                        _ => throw new ChatTemplateException($"The chat template writes {TemplateValues.KindOf(value)} as JSON."),
                    });
                    break;
            }
        }

        public override string ToString() => _text.ToString();

        private void AppendMany<T>(char open, char close, IReadOnlyList<T> items, int depth, Action<T> append)
        {
            _text.Append(open);
            for (int i = 0; i < items.Count; i++)
            {
                _text.Append(i == 0 ? "" : indent is null ? ", " : ",");
                AppendLine(depth + 1);
                append(items[i]);
            }

            if (items.Count > 0)
            {
                AppendLine(depth);
            }

            _text.Append(close);
        }

        private void AppendLine(int depth)
        {
            if (indent is { } spaces)
            {
                _text.Append('\n').Append(' ', spaces * depth);
            }
        }

        private void AppendString(string text)
        {
            _text.Append('"');
            foreach (char character in text)
            {
                _ = character switch
                {
                    '"' => _text.Append("\\\""),
                    '\\' => _text.Append("\\\\"),
                    '\n' => _text.Append("\\n"),
                    '\r' => _text.Append("\\r"),
                    '\t' => _text.Append("\\t"),
                    '\b' => _text.Append("\\b"),
                    '\f' => _text.Append("\\f"),
                    < ' ' => _text.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}"),
                    _ => _text.Append(character),
                };
            }

            _text.Append('"');
        }
    }
}
