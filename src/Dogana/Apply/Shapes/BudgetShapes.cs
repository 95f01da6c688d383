using System.Text.Json.Nodes;
using Dogana.Apply.Reading;
using Dogana.Limits;

namespace Dogana.Apply.Shapes;

/// <summary>Budgets in the world file.</summary>
internal static class BudgetShapes
{
    public const string Section = "budgets";

    /// <summary>A budget. Made by a method: <see cref="WorldShapes"/> needs it while it is being made itself.</summary>
    public static ObjectShape Budget() => new("budget", "What an organisation, a project or a key may spend, or is told of. It stays with its scope, currency and period.", [
        WorldShapes.Id(),
        new("organisation", new ReferenceShape("Whose spending: an organisation's, all its projects together. One of organisation, project and key.", WorldShapes.Organisations), IsRequired: false),
        new("project", new ReferenceShape("Whose spending: a project's.", WorldShapes.Projects), IsRequired: false),
        new("key", new TextShape("Whose spending: that of one key, by its public id.", "^[A-Za-z0-9_-]{1,64}$", 64, "Write the id that 'dogana key list' shows, never the key itself.") { IsSensitive = true }, IsRequired: false),
        WorldShapes.Currency(),
        new("amount", new DecimalShape("How much, in the currency's major unit. Read exactly, with or without quotes.", Limits.Budget.AmountMax, Money.Scale)),
        new("period", new ChoiceShape("month: anew in each billing month of the organisation; when left out. once: prepaid; dogana budget top-up adds to it.", Words<BudgetPeriod>()), IsRequired: false),
        new("kind", new ChoiceShape("hard: no call is begun that could go beyond it; when left out. soft: it only alerts.", Words<BudgetKind>()), IsRequired: false),
        new("mode", new ChoiceShape("Of a hard one. enforce: calls are refused; when left out. observe: they are served, and what would have been refused is counted.", Words<LimitMode>()), IsRequired: false),
        new("alerts", new TextsShape("What the organisation is told of, at most 10: per cent of the budget such as 80%, or amounts.", new AlertShape()), IsRequired: false),
    ])
    {
        Conditions = [new("kind", "soft", [], ["mode"])],
    };

    private static string[] Words<T>()
        where T : struct, Enum => [.. Enum.GetValues<T>().Select(EnumWords.Of)];

    private sealed record AlertShape() : ScalarShape("Per cent of the budget such as 80%, or an amount in its currency.")
    {
        public override object? Read(YamlText text, Place place, FaultCollector faults)
        {
            if (BudgetAlert.Parse(text.Value).TryGet(out var alert, out _))
            {
                return alert.ToString();
            }

            faults.Add(place, $"'{Shown.Text(text.Value)}' is no alert.", "Write per cent of the budget such as 80%, or an amount above 0 such as 250.50.");
            return null;
        }

        public override void Describe(JsonObject schema) => schema["anyOf"] = new JsonArray(
            new JsonObject { ["type"] = "number", ["exclusiveMinimum"] = 0 }, new JsonObject { ["type"] = "string", ["pattern"] = BudgetAlert.Pattern });
    }
}
