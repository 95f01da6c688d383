using System.Globalization;
using System.Text;

namespace Dogana.ServerTests;

/// <summary>Seeded texts of many scripts and shapes, to compare tokenizers on.</summary>
internal static class TokenTexts
{
    private const int LongRunMax = 500; // the reference takes quadratic time

    // Ranges of characters, without what is not assigned, and without U+0295, a lower-case letter until Unicode 17: .NET and Node need not be of the same version.
    private static readonly (int First, int Last)[] Scripts =
    [
        (0x20, 0x7E), (0x41, 0x5A), (0x61, 0x7A), (0x30, 0x39), (0x00, 0x1F), (0x7F, 0xA0), (0xA1, 0xFF), (0x100, 0x24F), (0x250, 0x294), (0x296, 0x2FF), (0x300, 0x36F), (0x370, 0x3FF),
        (0x400, 0x52F), (0x531, 0x58F), (0x590, 0x5FF), (0x600, 0x6FF), (0x900, 0x97F), (0x980, 0x9FF), (0xB80, 0xBFF), (0xE00, 0xE7F), (0x10A0, 0x10FF), (0x1100, 0x11FF),
        (0x1200, 0x137F), (0x13A0, 0x13FF), (0x1780, 0x17FF), (0x1C4, 0x1CC), (0x1E00, 0x1FFF), (0x2000, 0x206F), (0x2070, 0x209F), (0x20A0, 0x20BF), (0x2100, 0x218B),
        (0x2190, 0x2BFF), (0x2C00, 0x2DFF), (0x3000, 0x303F), (0x3040, 0x30FF), (0x4E00, 0x9FFF), (0xA640, 0xA69F), (0xA720, 0xA7BF), (0xAC00, 0xD7A3), (0xE000, 0xF8FF),
        (0xFB00, 0xFDFF), (0xFE00, 0xFE0F), (0xFE70, 0xFEFF), (0xFF00, 0xFFEF), (0x10330, 0x1034A), (0x10400, 0x1044F), (0x12000, 0x12399), (0x13000, 0x1342E),
        (0x1D400, 0x1D7FF), (0x1E900, 0x1E95F), (0x1F100, 0x1F1FF), (0x1F300, 0x1F64F), (0x1F680, 0x1F6FF), (0x20000, 0x2A6DF), (0xE0100, 0xE01EF),
    ];

    private static readonly string[] Words =
    [
        "the", "customer's", "INVOICE", "they'LL", "I'M", "we've", "don'T", "'s", "'Re", "'ve", "’s", "y'all'd", "O'Neil", "'", "''", "naïve", "straße", "Ελλάδα", "книга", "السلام", "שָׁלוֹם",
        "नमस्ते", "สวัสดี", "你好", "日本語", "カタカナ", "안녕하세요", "việt", "İstanbul", "ǅungla", "ﬁn", "HTTPServer", "camelCase", "snake_case", "x2y", "1234567", "3.14", "½", "Ⅷ", "٣٤", "𝟙𝟚𝟛𝟜",
        "𝔐𝔞𝔱𝔥", "𐌰𐌱𐌲", "𐐀𐐨", "e\u0301", "\u0301", "a\u0308\u0323", "👩‍👩‍👧‍👦", "👍🏽", "🇮🇹", "❤️", "1️⃣", "ªBC", "ʰX", "//", "/*", "*/", "/", "->", "=>", "!=", "&&", "{}", "[0]", "();", "<|endoftext|>",
        "<|endofprompt|>", "https://example.com/a?b=c", "\\n", "\"a\":", "----", "====", "....", "…", "—", "\u200b", "\u200d", "\ufeff", "\u00ad", "\u2028", "\u0085", "\u180e",
    ];

    private static readonly string[] Gaps = ["", "", " ", " ", " ", "  ", "   ", "\t", "\n", "\r\n", "\n\n", " \n", "\n ", "\n  \n", "\r", "\u00a0", "\u3000", "\v", "\f", " \t ", "\u2003", "        "];

    private static readonly string[] Samples =
    [
        "if (a != b) {\n    return x->y[3]; /* c */\n}\n// end\n", "def f(x):\n\tfor i in range(10):\n\t\tprint(f\"{i:>3}\")\n\n\n", "SELECT id, name FROM t WHERE a='b''c' -- no\r\n",
        "{\n  \"name\": \"a\\nb\",\n  \"values\": [1, 2.5, -3e10, null, true],\n  \"nested\": {\"k\": {}}\n}\n", "<p class=\"x\">Tom &amp; Jerry</p>\r\n\r\n", "| a | b |\n|---|---|\n| 1 | 2 |\n",
        "On 2026-01-31T12:00:00Z the invoice №1234 over €1.234,56 was sent to Ms. O'Brien; she'd paid.", "Съешь ещё этих мягких французских булок, да выпей же чаю. ",
        "いろはにほへと ちりぬるを。今日は2026年1月31日です！", "الفاتورة رقم ١٢٣٤ بتاريخ ٣١ يناير، شكرًا جزيلاً.", "यह एक परीक्षण वाक्य है। धन्यवाद!", "นี่คือประโยคทดสอบ ขอบคุณครับ",
    ];

    /// <summary>This many texts; half surrogate pairs are never in them.</summary>
    public static IReadOnlyList<string> Write(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(i => Write(random, i))];
    }

    private static string Write(Random random, int number) => (number % 10) switch
    {
        0 => OfOneScript(random),
        1 or 2 => OfManyScripts(random),
        3 or 4 or 5 => OfWords(random),
        6 => OfSample(random),
        7 => string.Concat(Enumerable.Range(0, random.Next(1, 12)).Select(_ => Pick(random, Gaps) + (random.Next(3) == 0 ? Pick(random, Words) : ""))),
        8 => OfSpecialCharacters(random),
        _ => number % 150 == 9 ? LongRun(random) : OfWords(random) + LongRun(random)[..10],
    };

    private static string OfOneScript(Random random)
    {
        var script = Scripts[random.Next(Scripts.Length)];
        return Join(random.Next(1, 40), () => random.Next(6) == 0 ? Pick(random, Gaps) : Character(random, script));
    }

    private static string OfManyScripts(Random random) => Join(random.Next(1, 40), () => Character(random, Scripts[random.Next(Scripts.Length)]));

    private static string OfWords(Random random) => Join(random.Next(1, 15), () => Pick(random, Words) + Pick(random, Gaps));

    private static string OfSample(Random random)
    {
        // From a place on to another, with something put in: cuts through words and indentation.
        var text = new StringBuilder(Pick(random, Samples) + Pick(random, Samples));
        text.Remove(0, random.Next(text.Length / 2)).Remove(text.Length * 3 / 4, random.Next(text.Length / 4));
        return text.Insert(random.Next(text.Length), Pick(random, Words)).ToString();
    }

    // Few kinds, close together: what the patterns' alternatives disagree on.
    private static string OfSpecialCharacters(Random random) =>
        Join(random.Next(1, 14), () => Pick(random, ["a", "A", "ª", "ǅ", "\u0301", "'", "s", "L", "l", "7", "²", "!", "/", " ", "\n", "\r", "\t", "中", "𐐀", "𐐨", "\u00a0"]));

    private static string LongRun(Random random)
    {
        var unit = Pick(random, ["a", "A", "ab", "的", "你好", "!", "=", " ", "\n", " \n", "\t", "\u0301", "7", "é", "Ж", "ha", "😀", "𐌰", "ªA", "-_"]);
        return Join(random.Next(60, LongRunMax), () => unit);
    }

    private static string Character(Random random, (int First, int Last) script)
    {
        while (true)
        {
            var rune = new Rune(random.Next(script.First, script.Last + 1));
            if (Rune.GetUnicodeCategory(rune) != UnicodeCategory.OtherNotAssigned)
            {
                return rune.ToString();
            }
        }
    }

    private static string Pick(Random random, string[] from) => from[random.Next(from.Length)];

    private static string Join(int count, Func<string> next) => string.Concat(Enumerable.Range(0, count).Select(_ => next()));
}
