using Dogana.Catalog;
using Dogana.Gateway.Routing;

namespace Dogana.Tests.Gateway.Routing;

/// <summary>What the queue promises, over random arrivals, departures and weights. A seed that fails is named.</summary>
public sealed class FairQueueTests
{
    private const int Seeds = 50;

    private static readonly ServiceTier[] Tiers = Enum.GetValues<ServiceTier>();

    [Fact]
    public void Each_call_leaves_once_and_those_of_a_tenant_in_their_order()
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            var run = new Run(seed);
            run.Play(600, 4, 3);
            run.Empty();

            run.Left.Count.ShouldBe(run.Arrived, $"seed {seed}");
            run.Left.Distinct().Count().ShouldBe(run.Arrived, $"seed {seed}");
            foreach (var own in run.Served.GroupBy(static call => (call.Tier, call.Tenant)))
            {
                own.Select(static call => call.Number).ShouldBeInOrder(SortDirection.Ascending, $"seed {seed}, {own.Key}");
            }

            (run.Queue.Count, Tiers.Sum(run.Queue.CountOf)).ShouldBe((0, 0), $"seed {seed}");
        }
    }

    [Fact]
    public void While_two_tenants_wait_each_gets_its_weighted_share_within_one_call()
    {
        var compared = 0;
        for (var seed = 0; seed < Seeds; seed++)
        {
            var run = new Run(seed);
            run.Play(500, 6, 4);
            foreach (var (first, second) in run.Pairs())
            {
                // Of any stretch in which both wait: the most and the least that one was ahead of the other bound what any part of it shows.
                foreach (var (most, least) in run.Stretches(first, second))
                {
                    (most - least).ShouldBeLessThanOrEqualTo(run.WeightOf(first.Tenant) + run.WeightOf(second.Tenant), $"seed {seed}, {first}, {second}");
                    compared++;
                }
            }
        }

        compared.ShouldBeGreaterThan(2_000);
    }

    [Fact]
    public void While_two_tiers_wait_each_gets_its_share_within_one_call()
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            var run = new Run(seed);
            run.Play(500, 6, 4);
            foreach (var (first, second) in new[] { (ServiceTier.Priority, ServiceTier.Standard), (ServiceTier.Priority, ServiceTier.Batch), (ServiceTier.Standard, ServiceTier.Batch) })
            {
                foreach (var (most, least) in run.Stretches(first, second))
                {
                    (most - least).ShouldBeLessThanOrEqualTo(ShareOf(first) + ShareOf(second), $"seed {seed}, {first}, {second}");
                }
            }
        }
    }

    [Fact]
    public void No_call_waits_longer_than_the_bound()
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            var run = new Run(seed);
            run.Play(500, 5, 4);
            run.Empty();
            foreach (var (call, waited) in run.Waited)
            {
                ((long)waited).ShouldBeLessThanOrEqualTo(run.BoundOf(call), $"seed {seed}, {call}");
            }
        }
    }

    [Fact]
    public void A_flood_does_not_keep_a_quiet_tenant_or_a_low_tier_out()
    {
        var queue = new FairQueue<string>();
        for (var i = 0; i < 500; i++)
        {
            queue.Enqueue("flood", ServiceTier.Priority, "loud", 1_000);
        }

        queue.Enqueue("quiet", ServiceTier.Priority, "quiet", 1_000);
        queue.Enqueue("batch", ServiceTier.Batch, "loud", 1);
        var order = Enumerable.Range(0, 30).Select(_ => queue.Dequeue()).ToList();

        order.IndexOf("quiet").ShouldBeLessThanOrEqualTo(2);
        order.IndexOf("batch").ShouldBeLessThanOrEqualTo(17);
    }

    private static int ShareOf(ServiceTier tier) => tier switch { ServiceTier.Priority => 16, ServiceTier.Standard => 4, _ => 1 };

    private sealed record Call(int Number, ServiceTier Tier, string Tenant);

    /// <summary>A queue under random use, with a log of what happened: after each event who waits, and who has been served how often.</summary>
    private sealed class Run(int seed)
    {
        private readonly Random _random = new(seed);
        private readonly Dictionary<string, int> _weights = new(StringComparer.Ordinal);
        private readonly List<FairTicket<Call>> _tickets = [];
        private readonly List<(Dictionary<(ServiceTier Tier, string Tenant), int> Waiting, Call? Served)> _events = [];
        private readonly Dictionary<Call, (int At, int Position)> _arrivals = [];

        public FairQueue<Call> Queue { get; } = new();

        public List<Call> Left { get; } = [];

        public List<Call> Served { get; } = [];

        public List<(Call Call, int Waited)> Waited { get; } = [];

        public int Arrived { get; private set; }

        public int WeightOf(string tenant) => _weights.TryGetValue(tenant, out var weight) ? weight : _weights[tenant] = _random.Next(4) == 0 ? _random.Next(1, 1_001) : _random.Next(1, 6);

        /// <summary>Arrivals come a little more often than departures, so that there is a backlog.</summary>
        public void Play(int steps, int tenants, int bursts)
        {
            for (var step = 0; step < steps; step++)
            {
                switch (_random.Next(10))
                {
                    case < 5:
                        var tenant = $"t{_random.Next(tenants)}";
                        var tier = Tiers[_random.Next(3)];
                        for (var count = _random.Next(1, bursts); count > 0; count--)
                        {
                            var call = new Call(Arrived++, tier, tenant);
                            _tickets.Add(Queue.Enqueue(call, tier, tenant, WeightOf(tenant)));
                            _arrivals[call] = (Served.Count, _tickets.Count(ticket => (ticket.Item.Tier, ticket.Item.Tenant) == (tier, tenant)));
                        }

                        Note(null);
                        break;
                    case < 6 when _tickets.Count > 0:
                        var gone = _tickets[_random.Next(_tickets.Count)];
                        Queue.Remove(gone).ShouldBeTrue();
                        Queue.Remove(gone).ShouldBeFalse("it waits no longer");
                        _tickets.Remove(gone);
                        Left.Add(gone.Item);
                        Note(null);
                        break;
                    default:
                        Serve();
                        break;
                }
            }
        }

        public void Empty()
        {
            while (Queue.Count > 0)
            {
                Serve();
            }
        }

        /// <summary>Every two tenants of a tier.</summary>
        public IEnumerable<((ServiceTier Tier, string Tenant) First, (ServiceTier Tier, string Tenant) Second)> Pairs() =>
            from tier in Tiers
            from first in _weights.Keys
            from second in _weights.Keys
            where string.CompareOrdinal(first, second) < 0
            select ((tier, first), (tier, second));

        public IEnumerable<(long Most, long Least)> Stretches((ServiceTier Tier, string Tenant) first, (ServiceTier Tier, string Tenant) second) => Stretches(
            waiting => waiting.GetValueOrDefault(first) > 0 && waiting.GetValueOrDefault(second) > 0,
            call => (call.Tier, call.Tenant) == first ? WeightOf(second.Tenant) : (call.Tier, call.Tenant) == second ? -WeightOf(first.Tenant) : 0);

        public IEnumerable<(long Most, long Least)> Stretches(ServiceTier first, ServiceTier second) => Stretches(
            waiting => waiting.Any(item => item.Key.Tier == first && item.Value > 0) && waiting.Any(item => item.Key.Tier == second && item.Value > 0),
            call => call.Tier == first ? ShareOf(second) : call.Tier == second ? -ShareOf(first) : 0);

        /// <summary>The bound that the queue states, with everybody who ever waited as those who may wait meanwhile.</summary>
        public long BoundOf(Call call)
        {
            long place = _arrivals[call].Position, own = WeightOf(call.Tenant);
            var inTier = place + _weights.Where(other => other.Key != call.Tenant).Sum(other => place * other.Value / own + 1);
            return inTier + Tiers.Where(tier => tier != call.Tier).Sum(tier => inTier * ShareOf(tier) / ShareOf(call.Tier) + 1);
        }

        // Within each stretch in which the condition holds, the walk of a sum: what each service adds to it.
        private IEnumerable<(long Most, long Least)> Stretches(Func<Dictionary<(ServiceTier Tier, string Tenant), int>, bool> bothWait, Func<Call, int> adds)
        {
            var (isIn, sum, most, least) = (false, 0L, 0L, 0L);
            foreach (var (waiting, served) in _events)
            {
                if (isIn && served is not null)
                {
                    sum += adds(served);
                    (most, least) = (Math.Max(most, sum), Math.Min(least, sum));
                }

                var both = bothWait(waiting);
                if (isIn && !both)
                {
                    yield return (most, least);
                }

                (sum, most, least) = isIn && both ? (sum, most, least) : (0, 0, 0);
                isIn = both;
            }
        }

        private void Serve()
        {
            if (Queue.Count == 0)
            {
                return;
            }

            var call = Queue.Dequeue();
            _tickets.RemoveAll(ticket => ticket.Item == call).ShouldBe(1);
            Served.Add(call);
            Left.Add(call);
            Waited.Add((call, Served.Count - _arrivals[call].At));
            Note(call);
        }

        private void Note(Call? served) => _events.Add((_tickets.GroupBy(static ticket => (ticket.Item.Tier, ticket.Item.Tenant)).ToDictionary(static group => group.Key, static group => group.Count()), served));
    }
}
