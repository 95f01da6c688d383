using System.Globalization;
using Dogana.Client;

namespace Dogana.Insight;

/// <summary>Reads an alert as the admin API has it.</summary>
public static class AlertReading
{
    /// <summary>The alert, or what is wrong with it.</summary>
    public static Outcome<InsightAlert> Read(string id, AlertRequest request)
    {
        ArgumentNullException.ThrowIfNull(id);
        ArgumentNullException.ThrowIfNull(request);
        if (id.Length is 0 or > 63 || !id.All(static character => char.IsAsciiLetterLower(character) || char.IsAsciiDigit(character) || character is '-' or '.'))
        {
            return new Problem(ProblemCode.InvalidRequest, "Name the alert in 1 to 63 lower-case letters, digits, hyphens and dots.", "id");
        }

        if (EnumWords.Find<AlertMeasure>(request.Measure) is not { } measure)
        {
            return new Problem(ProblemCode.InvalidRequest, $"'{request.Measure}' is no measure. Write one of: {string.Join(", ", Enum.GetValues<AlertMeasure>().Select(EnumWords.Of))}.", "measure");
        }

        if (EnumWords.Find<AlertComparison>(request.Comparison) is not { } comparison
            || !decimal.TryParse(request.Threshold, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var threshold)
            || Math.Abs(threshold) > 1_000_000m || decimal.Round(threshold, Money.Scale) != threshold)
        {
            return new Problem(ProblemCode.InvalidRequest, $"'{request.Comparison} {request.Threshold}' is no threshold. Write above or below, and a decimal such as 0.25.", "threshold");
        }

        return EnumWords.Find<InsightAxis>(request.Axis ?? "family") is not { } axis ? new Problem(ProblemCode.InvalidRequest, $"'{request.Axis}' is no axis. Write counterparty, family, channel, model or owner.", "axis")
            : request.Months is < 1 or > ReportScope.MonthsMax ? new Problem(ProblemCode.InvalidRequest, $"An alert is about 1 to {ReportScope.MonthsMax} months.", "months")
            : request.Currency is not null && Currency.Find(request.Currency) is null ? new Problem(ProblemCode.InvalidRequest, $"'{request.Currency}' is no currency that Dogana knows. Write a code of ISO 4217.", "currency")
            : new InsightAlert(id, measure, comparison, threshold, request.Tells)
            {
                Axis = axis,
                Months = request.Months ?? 3,
                Currency = request.Currency,
                Seller = request.Seller,
                Channel = request.Channel,
                Owner = request.Owner,
                Series = request.Series,
            };
    }
}
