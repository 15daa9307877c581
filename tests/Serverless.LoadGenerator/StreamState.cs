using System.Diagnostics;

namespace Serverless.LoadGenerator;

/// <summary>One stream while it runs: what is due, who is idle, what came back.</summary>
internal sealed class StreamState : IDisposable
{
    private readonly StreamJob _job;
    private readonly Random _random;
    private readonly Stack<Connection> _idle = new();
    private readonly Queue<long> _waiting = new();
    private readonly List<long> _latencies;
    private readonly Dictionary<int, long> _statuses = [];
    private long _inTime;
    private long _bytes;
    private long _answers;
    private long _lastAnswer;
    private double _nextArrival;

    public StreamState(StreamJob job)
    {
        _job = job;
        _random = new Random(job.Seed);
        _latencies = new List<long>(job.Count > 0 ? job.Count : 1 << 16);
        Requests = new RequestSet(job.RequestsFile);
    }

    public RequestSet Requests { get; }

    public bool IsOpenLoop => _job.Rate > 0;

    public long Sent { get; private set; }

    public int InFlight { get; private set; }

    /// <summary>Whether the stream's own count is reached.</summary>
    public bool HasSentAll => _job.Count > 0 && Sent >= _job.Count;

    /// <summary>When the next request arrives by itself, in Stopwatch ticks; never in a closed loop.</summary>
    public long NextArrival => IsOpenLoop && !HasSentAll ? (long)_nextArrival : long.MaxValue;

    public void Begin(long now)
    {
        _lastAnswer = now;
        _nextArrival = now;
    }

    public void AddIdle(Connection connection) => _idle.Push(connection);

    /// <summary>An arrival that is due goes to an idle connection, or waits for one.</summary>
    public void Arrive()
    {
        var at = (long)_nextArrival;
        _nextArrival += -Math.Log(1 - _random.NextDouble()) / _job.Rate * Stopwatch.Frequency;
        Sent++;
        _waiting.Enqueue(at);
    }

    /// <summary>Starts what can be started now. Returns null when nothing can.</summary>
    public Connection? StartNext(bool mayStart)
    {
        if (_idle.Count == 0 || (IsOpenLoop ? _waiting.Count == 0 : HasSentAll || !mayStart))
            return null;
        long arrivedAt;
        if (IsOpenLoop)
        {
            arrivedAt = _waiting.Dequeue();
        }
        else
        {
            arrivedAt = Stopwatch.GetTimestamp();
            Sent++;
        }

        var connection = _idle.Pop();
        InFlight++;
        Start(connection, arrivedAt);
        return connection;
    }

    public void Answered(Connection connection, bool isBroken)
    {
        var now = Stopwatch.GetTimestamp();
        InFlight--;
        _answers++;
        _lastAnswer = now;
        var status = isBroken ? 0 : connection.Status;
        System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(_statuses, status, out _)++;
        if (status == 200)
        {
            var took = now - connection.ArrivedAt;
            _latencies.Add(took);
            _bytes += connection.BodyBytes;
            if (_job.DeadlineMs <= 0 || Milliseconds(took) <= _job.DeadlineMs)
                _inTime++;
        }

        _idle.Push(connection);
    }

    /// <summary>Drops what never found a connection: it counts as sent and unanswered.</summary>
    public void DropWaiting() => _waiting.Clear();

    public StreamResult Result(long startedAt)
    {
        _latencies.Sort();
        var ok = _latencies.Count;
        return new StreamResult(
            Sent, ok, _inTime, _statuses, Percentile(0.5), Percentile(0.99), Stopwatch.GetElapsedTime(startedAt, _lastAnswer).TotalSeconds,
            ok == 0 ? 0 : _bytes / (double)ok);
    }

    public void Dispose() => Requests.Dispose();

    private static double Milliseconds(long ticks) => ticks * 1e3 / Stopwatch.Frequency;

    private double Percentile(double share) => _latencies.Count == 0
        ? 0
        : Milliseconds(_latencies[Math.Min(_latencies.Count - 1, (int)(share * _latencies.Count))]);

    private unsafe void Start(Connection connection, long arrivedAt)
    {
        var request = Requests.Next(out var length);
        connection.Start(request, length, arrivedAt);
    }
}
