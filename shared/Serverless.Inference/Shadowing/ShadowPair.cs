using Serverless.Inference.Comparison;
using Serverless.Inference.Execution;
using Serverless.Inference.Lifecycle;
using Serverless.Models.Manifest;

namespace Serverless.Inference.Shadowing;

/// <summary>A version and its shadow, with what came of the comparison so far.</summary>
internal sealed class ShadowPair(LoadedModel main, VersionSlot shadow, ShadowMetrics metrics, string label)
{
    private readonly Lock _gate = new();
    private readonly AnswerDistance _distance = new();
    private readonly string _model = main.Manifest.Name;
    private readonly int _version = main.Manifest.Version;
    private readonly bool _ranksNumbers = main.Manifest.Task != ModelTasks.TextEmbedding;
    private long _compared;
    private long _failed;
    private long _dropped;
    private TimeSpan _run;
    private TimeSpan _shadowRun;
    private string? _lastFailure;

    public VersionSlot Shadow => shadow;

    public ShadowReport Report
    {
        get
        {
            lock (_gate)
            {
                var report = new ShadowReport(_model, _version, shadow.Version)
                {
                    Compared = _compared,
                    Failed = _failed,
                    Dropped = _dropped,
                    LastFailure = _lastFailure,
                };
                return _compared == 0 ? report : report with
                {
                    MeanCosine = _distance.MeanCosine,
                    WorstCosine = _distance.WorstCosine,
                    Top1 = _ranksNumbers ? _distance.Top1 : null,
                    MaxError = _distance.MaxError,
                    MeanRun = _run / _compared,
                    MeanShadowRun = _shadowRun / _compared,
                };
            }
        }
    }

    public void Compared(AnswerDistance distance, TimeSpan run, RunOutcome outcome)
    {
        lock (_gate)
        {
            _compared++;
            _distance.Add(distance);
            _run += run;
            _shadowRun += outcome.Run;
        }

        metrics.Compared(_model, label, distance, outcome.Run);
    }

    public void Failed(string reason)
    {
        lock (_gate)
        {
            _failed++;
            _lastFailure = reason;
        }

        metrics.Count(_model, label, "failed");
    }

    public void Dropped()
    {
        lock (_gate)
            _dropped++;
        metrics.Count(_model, label, "dropped");
    }
}
