using Dogana.Apply.Shapes;
using Dogana.Catalog;

namespace Dogana.Apply.Reading;

/// <summary>Makes the lives of models and the release waves of what was read.</summary>
internal sealed class ReleaseBuilder(FaultCollector faults)
{
    /// <summary>The model with its life.</summary>
    public Model Life(Model model, ReadItem item)
    {
        model = model with
        {
            ReleasedAt = item.Find<DateTimeOffset>("released_at"),
            DeprecatedAt = item.Find<DateTimeOffset>("deprecated_at"),
            RetiresAt = item.Find<DateTimeOffset>("retires_at"),
            Replacement = item.FindText("replacement"),
        };
        if (model.DeprecatedAt < model.ReleasedAt)
        {
            faults.Add(item.PlaceOf("deprecated_at"), "It would be deprecated before it is released.", "Write a deprecated_at after released_at.");
        }

        if (model.RetiresAt <= (model.DeprecatedAt ?? model.ReleasedAt))
        {
            faults.Add(item.PlaceOf("retires_at"), "It would retire before it is deprecated or released.", "Write a retires_at after the other instants.");
        }

        if (model.Replacement == model.Id)
        {
            faults.Add(item.PlaceOf("replacement"), "It would replace itself.", "Name another model, or delete the key.");
        }

        return model;
    }

    public static ReleaseWave Wave(ReadItem item) => new(item.Get<string>("id"), item.Get<string>("model"), item.Get<DateTimeOffset>("from"))
    {
        Channels = Names(item, "channels"),
        Countries = Names(item, "countries"),
        Organisations = Names(item, "organisations"),
        Projects = Names(item, "projects"),
        Families = Names(item, "families"),
    };

    // Null for all: the key was left out, or is * alone.
    private static IReadOnlyList<string>? Names(ReadItem item, string key) => !item.Has(key) || item.Get<IReadOnlyList<string>>(key) is [NamesShape.All] ? null : item.Get<IReadOnlyList<string>>(key);
}
