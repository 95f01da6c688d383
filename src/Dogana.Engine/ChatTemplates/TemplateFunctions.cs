using System.Globalization;
using System.Text;

namespace Dogana.Engine.ChatTemplates;

/// <summary>The functions that every template has.</summary>
internal static class TemplateFunctions
{
    private const long RangeMax = 100_000;

    public static readonly IReadOnlySet<string> Names =
        new HashSet<string>(StringComparer.Ordinal) { "raise_exception", "namespace", "dict", "range", "strftime_now" };

    public static void Define(TemplateScope scope, TimeProvider time)
    {
        void Add(string name, Func<CallArguments, object?> function) => scope[name] = function;
        Add("raise_exception", arguments => throw new ChatTemplateException(
            $"The model's chat template refuses the conversation: {arguments.RequireText(0, "message").Text}"));
        Add("namespace", arguments => Map(arguments, isNamespace: true));
        Add("dict", arguments => Map(arguments, isNamespace: false));
        Add("range", Range);
        Add("strftime_now", arguments => MarkedText.Own(Write(time.GetLocalNow(), arguments.RequireText(0, "format").Text)));
    }

    private static TemplateMap Map(CallArguments arguments, bool isNamespace)
    {
        var map = new TemplateMap(isNamespace);
        foreach ((string name, object? value) in arguments.Named)
        {
            map[name] = value;
        }

        return map;
    }

    private static List<object?> Range(CallArguments arguments)
    {
        long first = Whole(arguments.Require(0, "start"));
        bool onlyStop = arguments.Positional.Count < 2;
        long stop = onlyStop ? first : Whole(arguments.Require(1, "stop"));
        long start = onlyStop ? 0 : first;
        long step = Whole(arguments.Get(2, "step", 1L));
        if (step == 0 || Math.Abs((decimal)stop - start) / Math.Abs((decimal)step) > RangeMax)
        {
            throw new ChatTemplateException($"The chat template asks for a range of more than {RangeMax} numbers.");
        }

        var numbers = new List<object?>();
        for (long number = start; step > 0 ? number < stop : number > stop; number += step)
        {
            arguments.Scope.Step();
            numbers.Add(number);
        }

        return numbers;
    }

    private static long Whole(object? value) => value is long and > int.MinValue and < int.MaxValue
        ? (long)value
        : throw new ChatTemplateException("The chat template asks for a range that is not of whole numbers.");

    /// <summary>The parts of C's strftime that templates use.</summary>
    private static string Write(DateTimeOffset now, string format)
    {
        var text = new StringBuilder();
        for (int i = 0; i < format.Length; i++)
        {
            if (format[i] != '%' || i + 1 == format.Length)
            {
                text.Append(format[i]);
                continue;
            }

            char part = format[++i];
            string? pattern = part switch
            {
                'd' => "dd",
                'b' => "MMM",
                'B' => "MMMM",
                'm' => "MM",
                'Y' => "yyyy",
                'y' => "yy",
                'H' => "HH",
                'M' => "mm",
                'S' => "ss",
                'A' => "dddd",
                'a' => "ddd",
                '%' => "'%'",
                _ => throw new ChatTemplateException($"The chat template writes a date with '%{part}', which is not supported."),
            };
            text.Append(now.ToString(pattern, CultureInfo.InvariantCulture));
        }

        return text.ToString();
    }
}
