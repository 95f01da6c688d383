using Dogana.Storage;

namespace Dogana.Catalog;

/// <summary>The declared release waves.</summary>
public static class ReleaseWaves
{
    /// <summary>All waves, past and future ones too, by id.</summary>
    public static async Task<IReadOnlyList<ReleaseWave>> ReadAsync(StoreSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        var rows = await session.QueryAsync<Row>(
            """
            select id as Id, model as Model, begins_at as BeginsAt, channels as Channels, countries as Countries, organisations as Organisations,
                projects as Projects, families as Families
            from release_wave
            """);
        return [.. rows.Select(static row => row.ToWave()).OrderBy(static wave => wave.Id, StringComparer.Ordinal)];
    }

    /// <summary>Makes the store hold what is declared; what is not named stays: a wave is changed, never taken away.</summary>
    public static async Task<IReadOnlyList<Change>> DeclareAsync(StoreSession session, IReadOnlyList<ReleaseWave> waves) => await session.DeclareAsync(
        "release_wave", await ReadAsync(session), waves, static wave => wave.Id,
        """
        insert into release_wave(id, model, begins_at, channels, countries, organisations, projects, families)
        values(@Id, @Model, @BeginsAt, @Channels, @Countries, @Organisations, @Projects, @Families)
        on conflict(id) do update set model = excluded.model, begins_at = excluded.begins_at, channels = excluded.channels, countries = excluded.countries,
            organisations = excluded.organisations, projects = excluded.projects, families = excluded.families
        """,
        Row.Of);

    private sealed record Row(
        string Id, string Model, long BeginsAt, string? Channels, string? Countries, string? Organisations, string? Projects, string? Families)
    {
        public static Row Of(ReleaseWave wave) => new(
            wave.Id, wave.Model, wave.From.ToMicros(), Join(wave.Channels), Join(wave.Countries), Join(wave.Organisations), Join(wave.Projects), Join(wave.Families));

        public ReleaseWave ToWave() => new(Id, Model, StoredTime.FromMicros(BeginsAt))
        {
            Channels = Channels?.Split(' '),
            Countries = Countries?.Split(' '),
            Organisations = Organisations?.Split(' '),
            Projects = Projects?.Split(' '),
            Families = Families?.Split(' '),
        };

        private static string? Join(IReadOnlyList<string>? ids) => ids is null ? null : string.Join(' ', ids);
    }
}
