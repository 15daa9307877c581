using Serverless.Scaling;

namespace Serverless.Simulation;

/// <summary>The events of one simulation: what the scaler, the ingress and the replicas do.</summary>
internal sealed class SimulationRun
{
    private readonly VirtualTime _time;
    private readonly ScaleTimes _times;
    private readonly EventQueue _events = new();
    private readonly SimulationResult _result = new();
    private readonly ReplicaScaler _scaler;
    private readonly HttpConcurrencyMeter _meter;
    private readonly SimulatedQueues _queues;
    private readonly SimulatedFleet _fleet;
    private readonly SimulatedIngress _ingress;
    private readonly int _least;
    private int _asked;
    private long _quietSince;

    public SimulationRun(WorkerScale rules, ScaleTimes times, ServiceProfile profile, VirtualTime time, SeededRandom random)
    {
        (_time, _times, _least) = (time, times, rules.MinReplicas);
        _scaler = new ReplicaScaler(rules, times, time);
        _meter = new HttpConcurrencyMeter(time, times.HttpWindow);
        _queues = new SimulatedQueues(rules, profile, time, _events, _result);
        _fleet = new SimulatedFleet(profile, rules.DrainTime, _queues, time, random, _events, _meter, _result);
        _ingress = new SimulatedIngress(rules.MaxHeldRequests, profile, _fleet, time, _meter, _result);
        _events.Plan(0, EventKind.Decision);
    }

    public long NextTicks => _events.NextTicks;

    public bool IsOver { get; private set; }

    public void Arrive(Arrival arrival, long ticks)
    {
        _time.Ticks = ticks;
        _quietSince = ticks;
        if (arrival.Queue is not null)
        {
            _result.Timeline.MessageArrived(_time.Now);
            _queues.Take(arrival);
            return;
        }

        _result.Requests++;
        _result.Timeline.RequestArrived(_time.Now);
        _ingress.Take(arrival);
        if (_asked == 0 && _meter.InFlight > 0)
            Decide();
    }

    public void Step(bool moreToCome)
    {
        _time.Ticks = NextTicks;
        var (kind, replica, delivery) = _events.Take();
        switch (kind)
        {
            case EventKind.Decision:
                _ingress.GiveUpOnTheOldest();
                Decide();
                _events.Plan(_time.Ticks + Math.Max(1, _scaler.UntilNextDecision.Ticks), EventKind.Decision);
                break;
            case EventKind.Ready:
                Note();
                _fleet.Ready(replica!);
                _ingress.Release();
                break;
            case EventKind.Answered:
                _fleet.Answered(replica!);
                break;
            case EventKind.MessageDone:
                _fleet.Done(delivery!);
                break;
            default:
                _fleet.Kill(replica!);
                break;
        }

        IsOver = !moreToCome && IsQuiet();
    }

    public SimulationResult Finish()
    {
        Note();
        _fleet.StopAll();
        _result.Duration = _time.Now;
        return _result;
    }

    private void Decide()
    {
        var wanted = _scaler.Decide(new ScaleReading(_meter.Read(), _meter.InFlight, _queues.Read()), _asked);
        Note();
        if (wanted == _asked)
            return;

        _fleet.Resize(wanted);
        _asked = wanted;
        _result.PeakReplicas = Math.Max(_result.PeakReplicas, wanted);
        Note();
    }

    private void Note() => _result.Timeline.Advance(_time.Now, _asked, _fleet.ReadyCount);

    // A pre-warm window may hold replicas for longer than anybody wants to simulate after the last answer.
    private bool IsQuiet()
    {
        if (_meter.InFlight > 0 || _fleet.IsEnding || _queues.AreBusy(_asked))
        {
            _quietSince = _time.Ticks;
            return false;
        }

        var patience = _times.Cooldown + _times.ScaleDownStabilization + _times.HttpWindow + (2 * _times.Evaluation) + (2 * _times.Polling);
        return _asked <= _least || _time.Ticks - _quietSince > patience.Ticks;
    }
}
