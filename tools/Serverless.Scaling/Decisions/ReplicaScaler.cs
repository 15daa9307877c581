namespace Serverless.Scaling;

/// <summary>
/// Decides how many replicas of the worker are wanted, as Container Apps documents it: KEDA wakes the first replica and lets
/// the last one go, the Kubernetes autoscaler decides between one and the most. One caller at a time.
/// </summary>
public sealed class ReplicaScaler
{
    // Kubernetes' default: a metric within a tenth of its target changes nothing.
    private const double Tolerance = 0.1;

    private readonly WorkerScale _rules;
    private readonly ScaleTimes _times;
    private readonly TimeProvider _time;
    private readonly Beat _poll;
    private readonly Beat _evaluation;
    private readonly Recommendations _recommendations;
    private readonly List<CronWindow> _windows;
    private long _lastActive;

    /// <summary>Starts both beats, polling and evaluation, now.</summary>
    public ReplicaScaler(WorkerScale rules, ScaleTimes times, TimeProvider time)
    {
        (_rules, _times, _time) = (rules, times, time);
        _poll = new Beat(time, times.Polling);
        _evaluation = new Beat(time, times.Evaluation);
        _recommendations = new Recommendations(time, times.ScaleDownStabilization);
        _windows = [.. rules.PreWarm.Select(window => new CronWindow(window))];
        _lastActive = time.GetTimestamp();
    }

    /// <summary>When it is decided next if no request comes; at zero replicas a request is decided upon at once.</summary>
    public TimeSpan UntilNextDecision => _poll.Remaining < _evaluation.Remaining ? _poll.Remaining : _evaluation.Remaining;

    /// <summary>
    /// Replicas wanted from now on. May be called at any time and as often as anybody likes: between two beats it changes
    /// nothing, but for the first request at zero.
    /// </summary>
    /// <param name="reading">What is measured now.</param>
    /// <param name="replicas">Replicas asked for now: the last decision, whether they run already or not.</param>
    public int Decide(ScaleReading reading, int replicas)
    {
        var polled = _poll.IsDue();
        var evaluated = _evaluation.IsDue();
        var active = IsHttpActive(reading) || ((polled || evaluated) && (AnyQueueActive(reading) || OpenReplicas() > 0));
        if (active)
            _lastActive = _time.GetTimestamp();

        var current = Math.Clamp(replicas, _rules.MinReplicas, _rules.MaxReplicas);
        if (current == 0)
            return active ? 1 : 0;

        if (current == 1 && polled && !active && IsCool())
        {
            _recommendations.Clear();
            return 0;
        }

        return evaluated ? Evaluate(reading, current) : current;
    }

    private static bool IsHttpActive(ScaleReading reading) => reading.HttpInFlight > 0 || reading.HttpConcurrency > 0;

    private bool AnyQueueActive(ScaleReading reading)
    {
        foreach (var (name, queue) in _rules.Queues)
        {
            if (Messages(reading, name) > queue.Activation)
                return true;
        }

        return false;
    }

    private bool IsCool() => _rules.MinReplicas == 0 && _time.GetElapsedTime(_lastActive) >= _times.Cooldown;

    private int Evaluate(ScaleReading reading, int current)
    {
        if (_recommendations.IsEmpty)
            _recommendations.Add(current);

        var recommended = Math.Clamp(Recommend(reading, current), Math.Max(1, _rules.MinReplicas), _rules.MaxReplicas);
        _recommendations.Add(recommended);
        return recommended > current
            ? Math.Min(recommended, HighestStep(current))
            : Math.Min(current, _recommendations.Highest());
    }

    private int Recommend(ScaleReading reading, int current)
    {
        var most = Proposal(reading.HttpConcurrency, _rules.HttpConcurrency, current);
        foreach (var (name, queue) in _rules.Queues)
            most = Math.Max(most, Proposal(Messages(reading, name), queue.MessagesPerReplica, current));

        return Math.Max(most, Proposal(OpenReplicas(), 1, current));
    }

    private static int Proposal(double metric, int target, int current)
    {
        var wanted = metric / target;
        return Math.Abs((wanted / current) - 1) <= Tolerance ? current : (int)Math.Min(int.MaxValue, Math.Ceiling(wanted));
    }

    // Documented as "1, 4, 100 % of current" and spelt out as 1, 4, 8, 16, 32, …: to 4, or to twice what is there.
    private static int HighestStep(int current) => Math.Max(4, current * 2);

    private int OpenReplicas()
    {
        var most = 0;
        foreach (var window in _windows)
        {
            if (window.Replicas > most && window.Contains(_time.GetUtcNow()))
                most = window.Replicas;
        }

        return most;
    }

    private static long Messages(ScaleReading reading, string queue) => reading.QueueMessages.GetValueOrDefault(queue);
}
