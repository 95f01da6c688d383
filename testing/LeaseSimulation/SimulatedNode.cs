using Dogana.Limits;
using Dogana.Limits.Leasing;

namespace Dogana.Testing.LeaseSimulation;

/// <summary>A node: a real <see cref="LeaseKeeper"/>, and its turns as <see cref="NodeLeases"/> takes them, in virtual time.</summary>
internal sealed class SimulatedNode(string name, TimeSpan ahead, Simulation world) : IDisposable
{
    private const long Turn = 100_000;
    private const long TurnWhileWaiting = 25_000;
    private const long AnswerTime = 1_500_000;

    private static readonly Problem Away = new(ProblemCode.LimitsUnknown, "The store is away.");

    private readonly List<(Taken[] Money, long At)> _journal = [];
    private LeaseKeeper _keeper = null!;
    private long _life;
    private long _revision;
    private long _toldAt;
    private bool _isUnderWay; // what was given up goes on by itself
    private int _turn; // the number of the turn that comes next; 0 while one is being taken
    private int _turns;
    private int _process;
    private long _pausedUntil;
    private long _pauseWhenAsked;

    public string Name => name;

    public NodeClock Clock { get; } = new(world.Time, ahead);

    public LeaseKeeper Keeper => _keeper;

    public bool IsAlive { get; private set; }

    public bool IsPaused => world.Time.Now < _pausedUntil;

    public long Life => _life;

    public List<SimulatedCall> Waiting { get; } = [];

    public List<SimulatedCall> Open { get; } = [];

    public void Dispose() => _keeper?.Dispose();

    public void Start()
    {
        _keeper?.Dispose();
        _keeper = new LeaseKeeper(Clock);
        (IsAlive, _life, _revision, _isUnderWay, _toldAt, _pausedUntil) = (true, 0, 0, false, 0, 0);
        _process++;
        NextTurn(0);
    }

    /// <summary>The process dies: its open calls are interrupted, and its journal stays.</summary>
    public void Crash()
    {
        IsAlive = false;
        _process++;
        Waiting.Clear();
        foreach (var call in Open)
        {
            call.Interrupt(world.Time.Now);
        }

        Open.Clear();
    }

    /// <summary>Another process takes a life under this name, and ends it.</summary>
    public void Rob() => world.Store.Begin(name, world.Time.Instant);

    /// <summary>It stands still, now or once it has asked the store the next time.</summary>
    public void Pause(long micros, bool whenAsked)
    {
        _pauseWhenAsked = whenAsked ? micros : 0;
        _pausedUntil = whenAsked ? _pausedUntil : world.Time.Now + micros;
    }

    /// <summary>After a time; later where the process stands still; never where it died.</summary>
    public void After(long micros, Action action)
    {
        var process = _process;
        world.Time.After(micros, Do);

        void Do()
        {
            if (process != _process)
            {
                return;
            }

            if (IsPaused)
            {
                world.Time.After(_pausedUntil - world.Time.Now, Do);
                return;
            }

            action();
        }
    }

    /// <summary>Somebody waits for more.</summary>
    public void Wake()
    {
        if (_turn != 0)
        {
            NextTurn(world.Random.Next(2_000));
        }
    }

    /// <summary>Usage of a call that was closed: shipped after a moment, or by the next process.</summary>
    public void Close(Taken[] money)
    {
        _journal.Add((money, world.Time.Now));
        After(world.Random.Next(1_000_000), Ship);
    }

    private void Ship()
    {
        foreach (var (money, at) in _journal)
        {
            world.Post(name, money, at, Clock);
        }

        _journal.Clear();
    }

    private void TakeTurn()
    {
        if (_isUnderWay)
        {
            GiveUp();
        }
        else if (_life == 0)
        {
            Begin();
        }
        else
        {
            Exchange();
        }
    }

    private void GiveUp()
    {
        _keeper.Fail(PendingExchange.None, Away);
        world.Look(this);
        NextTurn();
    }

    private void NextTurn(long? micros = null)
    {
        var turn = _turn = ++_turns;
        After(micros ?? (_keeper.Waiting > 0 ? TurnWhileWaiting : Turn), () =>
        {
            if (turn == _turn)
            {
                _turn = 0;
                TakeTurn();
            }
        });
    }

    private void Begin()
    {
        var (fate, process) = (world.Network.Next(), _process);
        if (fate.CommitAfter is not { } commit || fate.AnswerAfter is not { } answer)
        {
            GiveUp();
            return;
        }

        Ship();
        world.Time.After(commit, () =>
        {
            if (process == _process)
            {
                var life = world.Store.Begin(name, Clock.GetUtcNow());
                After(answer - commit, () =>
                {
                    _keeper.BeginLife();
                    (_life, _revision) = (life, 0);
                    NextTurn(0);
                });
            }
        });
    }

    private void Exchange()
    {
        foreach (var (limit, window) in world.Store.Recalled(name, _life))
        {
            _keeper.Recall(limit, window);
        }

        var exchange = _keeper.Begin();
        if (exchange.Items.Count == 0 && world.Time.Now - _toldAt < 1_000_000)
        {
            _keeper.Complete(exchange, []);
            world.Look(this);
            NextTurn();
            return;
        }

        var (fate, process) = (world.Network.Next(), _process);
        var request = new LeaseRequest(name, _life, ++_revision, exchange.Items, exchange.Calls, Clock.GetUtcNow());
        var isHeard = false;
        LeaseDecision? decision = null;
        if (fate.CommitAfter is { } commit)
        {
            world.Time.After(commit, () =>
            {
                decision = world.Store.Exchange(request);
                world.CheckStore(request);
                if (fate.AnswerAfter is { } answer && process == _process)
                {
                    After(answer - commit, () => Hear());
                }
            });
        }

        if (fate.CommitAgainAfter is { } again)
        {
            world.Time.After(again, () =>
            {
                if (world.Store.Exchange(request) is not null)
                {
                    world.Found("an exchange was done twice");
                }
            });
        }

        // A call that was given up goes on by itself; where the connection broke, nothing is under way any more for all that the node knows.
        After(fate.FailAfter ?? AnswerTime, () =>
        {
            if (!isHeard)
            {
                isHeard = true;
                _isUnderWay = fate.FailAfter is null && fate.AnswerAfter is not null;
                _keeper.Fail(exchange, Away);
                world.Look(this);
                NextTurn();
            }
        });

        if (_pauseWhenAsked > 0)
        {
            Pause(_pauseWhenAsked, whenAsked: false);
        }

        void Hear()
        {
            _isUnderWay = false;
            if (isHeard)
            {
                return;
            }

            isHeard = true;
            if (decision is null)
            {
                _life = 0;
                _keeper.Fail(exchange, Away);
                _keeper.EndLife(Away);
            }
            else
            {
                _toldAt = world.Time.Now;
                _keeper.Complete(exchange, decision.Answers);
            }

            world.Look(this);
            NextTurn();
        }
    }
}
