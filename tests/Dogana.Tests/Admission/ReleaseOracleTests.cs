using Dogana.Admission;
using Dogana.Catalog;
using Dogana.Conduct;
using Dogana.Markets;
using Dogana.Parties;
using Dogana.Terms;

namespace Dogana.Tests.Admission;

/// <summary>Release waves and retirement against a plain reading of their words, over random worlds, at random instants and at every boundary.</summary>
[Trait("Category", "slow")]
public sealed class ReleaseOracleTests
{
    private const int Worlds = 400;

    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Microsecond = TimeSpan.FromMicroseconds(1);
    private static readonly string[] Countries = ["FR", "SG"];
    private static readonly string[] Owned = ["top", "left", "right", "leaf", "alone"];
    private static readonly string[] Channels = ["direct", "cloud"];

    [Fact]
    public void Every_decision_is_what_the_words_say_and_holds_until_the_next_change()
    {
        var (compared, hidden, covered, retired, deprecated) = (0, 0, 0, 0, 0);
        for (var seed = 0; seed < Worlds; seed++)
        {
            var world = new World(seed);
            foreach (var at in world.Instants())
            {
                var table = world.TableAt(at);
                (table.ValidUntil is not { } end || end > at).ShouldBeTrue($"seed {seed}");
                foreach (var facts in world.Facts())
                {
                    var expected = world.Judge(facts, at);
                    var decision = table.Decide(facts);
                    Describe(decision).ShouldBe(expected, $"seed {seed}, {at:O}, {facts}");
                    compared++;
                    hidden += expected.Code == ProblemCode.ModelNotFound ? 1 : 0;
                    covered += expected.Code is null && world.Waves.Any(wave => wave.Model == facts.Model.Id) ? 1 : 0;
                    retired += expected.Code == ProblemCode.ModelRetired ? 1 : 0;
                    deprecated += expected.IsDeprecated ? 1 : 0;
                    (decision.OpenCallRefusal is null).ShouldBe(expected.Code is null or ProblemCode.ModelRetired, "a call that is open when its model retires ends by itself");

                    // Just before the table ends it still tells the truth.
                    if (table.ValidUntil is { } until)
                    {
                        world.Judge(facts, until - Microsecond).ShouldBe(expected, $"seed {seed}, {at:O} until {until:O}, {facts}");
                    }
                }
            }
        }

        compared.ShouldBeGreaterThan(50_000);
        foreach (var count in new[] { hidden, covered, retired, deprecated })
        {
            count.ShouldBeGreaterThan(1_000, "each case came up");
        }
    }

    [Fact]
    public void Nothing_is_told_of_a_model_that_is_not_open_whatever_else_holds()
    {
        for (var seed = 0; seed < 50; seed++)
        {
            var world = new World(seed);
            foreach (var facts in world.Facts())
            {
                if (world.TableAt(Start, isOpen: false).Decide(facts) is { IsHidden: true } decision)
                {
                    (decision.Refusal!.Message, decision.Refusal.Param).ShouldBe(("The model does not exist or you do not have access to it.", "model"));
                    decision.Findings.Count.ShouldBeGreaterThan(1, "it is not sold either, and that is not what is told");
                }
            }
        }
    }

    private static (ProblemCode? Code, bool IsDeprecated, string? Replacement) Describe(AdmissionDecision decision) =>
        (decision.Refusal?.Code, decision.Deprecation is not null, decision.Deprecation?.Replacement);

    private sealed class World
    {
        private readonly Random _random;
        private readonly Organisation[] _organisations;
        private readonly PartyTable _parties;
        private readonly Model[] _models;

        public World(int seed)
        {
            _random = new Random(seed);
            _organisations =
            [
                new("owner", "owner", "US", "UTC", null),
                .. Owned.Select(id => new Organisation(id, id, Pick(Countries), "UTC", id switch { "left" or "right" => "top", "leaf" => "left", _ => null })),
            ];
            _parties = new PartyTable(
                _organisations, [.. Channels.Select(static id => new Channel(id, id, ChannelKind.Direct, "owner"))], [],
                [.. from organisation in Owned from channel in Channels select new Project($"{organisation}.{channel}", organisation, channel) { Country = _random.Next(3) == 0 ? Pick(Countries) : null }],
                new OwnershipGraph(_organisations, [], []));
            _models = [.. Enumerable.Range(0, 3).Select(number => new Model($"m{number}", "owner", ModelKind.Chat, 100, 10)
            {
                DeprecatedAt = Maybe(),
                RetiresAt = Maybe(),
                Replacement = _random.Next(2) == 0 ? $"m{(number + 1) % 3}" : null,
            })];
            Waves = [.. Enumerable.Range(0, _random.Next(5)).Select(number => new ReleaseWave($"w{number}", $"m{_random.Next(2)}", Instant())
            {
                Channels = Some(Channels),
                Countries = Some(Countries),
                Organisations = Some(Owned),
                Projects = _random.Next(4) == 0 ? ["leaf.direct", "alone.cloud"] : null,
                Families = _random.Next(3) == 0 ? [Pick(Owned)] : null,
            })];
        }

        public ReleaseWave[] Waves { get; }

        public IEnumerable<DateTimeOffset> Instants()
        {
            DateTimeOffset[] boundaries = [.. Waves.Select(static wave => wave.From), .. _models.SelectMany(static model => new[] { model.DeprecatedAt, model.RetiresAt }).OfType<DateTimeOffset>()];
            return [.. boundaries.SelectMany(static at => new[] { at - Microsecond, at, at + Microsecond }), Instant(), Start.AddDays(-1), Start.AddDays(100)];
        }

        public IEnumerable<AdmissionFacts> Facts() =>
            from project in _parties.Projects.Values.Where(_ => _random.Next(3) == 0)
            from model in _models
            from address in new[] { null, "FR" }
            from customer in new[] { null, "leaf" }
            where customer != project.Organisation
            select new AdmissionFacts(project, _parties.Channels[project.Channel], model, customer, customer is null ? default : EndCustomerNaming.Key, address);

        public AdmissionTable TableAt(DateTimeOffset at, bool isOpen = true)
        {
            var catalog = new CatalogTable(_models, [], [], [.. Countries.Where(_ => isOpen).Select(static country => new Market(country, ["*"], ["*"]))]) { Waves = Waves };
            var ownership = _parties.Ownership.At(at);
            var releases = new ReleaseTable(catalog, ownership, at);
            return new AdmissionTable(
                _parties, ownership, new StandingTable([], [], [], _parties, at), new MarketTable(catalog, [], ownership, _organisations, at),
                new TermsTable(new TermsOnRecord([], [], [], []), at), releases, releases.NextChange);
        }

        /// <summary>The words of docs/operate/releases.md, read as plainly as can be.</summary>
        public (ProblemCode? Code, bool IsDeprecated, string? Replacement) Judge(AdmissionFacts facts, DateTimeOffset at)
        {
            var model = facts.Model;
            var isRetired = model.RetiresAt <= at;
            var isDeprecated = !isRetired && (model.DeprecatedAt <= at || (model.DeprecatedAt is null && model.RetiresAt is not null));
            var replacement = isDeprecated && model.Replacement is { } id && IsOpen(id, facts, at) ? id : null;
            return (!IsOpen(model.Id, facts, at) ? ProblemCode.ModelNotFound : isRetired ? ProblemCode.ModelRetired : null, isDeprecated, replacement);
        }

        private bool IsOpen(string model, AdmissionFacts facts, DateTimeOffset at)
        {
            var waves = Waves.Where(wave => wave.Model == model).ToList();
            string[] customers = facts.EndCustomer is { } named ? [facts.Project.Organisation, named] : [facts.Project.Organisation];
            string?[] countries = [facts.Project.Country ?? CountryOf(facts.Project.Organisation), facts.EndCustomer is { } end ? CountryOf(end) : null, facts.AddressCountry];
            return waves.Count == 0 || waves.Any(wave =>
                at >= wave.From
                && (wave.Channels is null || wave.Channels.Contains(facts.Channel.Id, StringComparer.Ordinal))
                && (wave.Projects is null || wave.Projects.Contains(facts.Project.Id, StringComparer.Ordinal))
                && (wave.Countries is null || countries.OfType<string>().All(country => wave.Countries.Contains(country, StringComparer.Ordinal)))
                && (wave.Organisations is null || customers.All(customer => wave.Organisations.Contains(customer, StringComparer.Ordinal)))
                && (wave.Families is null || customers.All(customer => wave.Families.Any(party => AreAffiliates(customer, party)))));
        }

        // A tree of whole holdings: whoever has a common top.
        private static bool AreAffiliates(string one, string other) => TopOf(one) == TopOf(other);

        private static string TopOf(string id) => id is "alone" or "owner" ? id : "top";

        private string CountryOf(string organisation) => _parties.Organisations[organisation].Country;

        private DateTimeOffset Instant() => Start.AddMinutes(_random.Next(10_000));

        private DateTimeOffset? Maybe() => _random.Next(2) == 0 ? null : Instant();

        private string[]? Some(string[] all) => _random.Next(2) == 0 ? null : [.. all.Where(_ => _random.Next(2) == 0).DefaultIfEmpty(all[0])];

        private string Pick(string[] all) => all[_random.Next(all.Length)];
    }
}
