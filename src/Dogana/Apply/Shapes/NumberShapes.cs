using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Dogana.Apply.Reading;

namespace Dogana.Apply.Shapes;

/// <summary>A whole number in digits.</summary>
internal sealed record WholeNumberShape(string Description, long Min, long Max) : ScalarShape(Description)
{
    public override object? Read(YamlText text, Place place, FaultCollector faults)
    {
        if (text.IsPlain && text.Value.All(char.IsAsciiDigit) && long.TryParse(text.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number >= Min && number <= Max)
        {
            return number;
        }

        var range = string.Create(CultureInfo.InvariantCulture, $"Write digits only, without quotes: {Min} to {Max}.");
        faults.Add(place, $"'{Shown.Text(text.Value)}' is not a whole number in the range.", Min == Max ? $"Write {Min}." : range);
        return null;
    }

    public override void Describe(JsonObject schema)
    {
        schema["type"] = "integer";
        schema["minimum"] = Min;
        schema["maximum"] = Max;
    }
}

/// <summary>A decimal number of zero or more, read from its digits: no floating point comes near it. Quotes or none.</summary>
internal sealed record DecimalShape(string Description, long Max, int Decimals) : ScalarShape(Description)
{
    private string Pattern => string.Create(CultureInfo.InvariantCulture, $"^[0-9]{{1,{Max.ToString(CultureInfo.InvariantCulture).Length}}}(\\.[0-9]{{1,{Decimals}}})?$");

    public override object? Read(YamlText text, Place place, FaultCollector faults)
    {
        // At most 25 digits pass the pattern: a decimal holds 28 exactly.
        if (!text.Value.EndsWith('\n') && Regex.IsMatch(text.Value, Pattern, RegexOptions.NonBacktracking, TimeSpan.FromSeconds(1))
            && decimal.TryParse(text.Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number <= Max)
        {
            return number;
        }

        faults.Add(place, $"'{Shown.Text(text.Value)}' is not a decimal number in the range.", string.Create(
            CultureInfo.InvariantCulture, $"Write 0 to {Max} with at most {Decimals} digits after the point, such as 0.15; no sign, exponent or thousands separator."));
        return null;
    }

    public override void Describe(JsonObject schema) => schema["anyOf"] = new JsonArray(
        new JsonObject { ["type"] = "number", ["minimum"] = 0, ["maximum"] = Max },
        new JsonObject { ["type"] = "string", ["pattern"] = Pattern });
}

/// <summary>A date, which means its first instant in UTC, or an instant in UTC.</summary>
internal sealed record InstantShape(string Description) : ScalarShape(Description)
{
    public override object? Read(YamlText text, Place place, FaultCollector faults)
    {
        if (InstantText.TryParse(text.Value, out var instant) && instant.Year is >= 1970 and < 9000)
        {
            return instant;
        }

        faults.Add(place, $"'{Shown.Text(text.Value)}' is not a date or an instant in UTC.", "Write 2026-01-31 (its first instant in UTC) or 2026-01-31T08:00:00Z; years 1970 to 8999.");
        return null;
    }

    public override void Describe(JsonObject schema)
    {
        schema["type"] = "string";
        schema["pattern"] = @"^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?Z)?$";
    }
}
