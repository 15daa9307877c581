using System.Diagnostics;
using System.Diagnostics.Metrics;
using Serverless.Inference.Comparison;
using Serverless.Inference.Diagnostics;

namespace Serverless.Inference.Shadowing;

/// <summary>Metrics of versions that run in the shadow of others. Their label <c>version</c> is the shadow's.</summary>
internal sealed class ShadowMetrics(Meter meter)
{
    private static readonly InstrumentAdvice<double> Powers = new()
    {
        HistogramBucketBoundaries = [0, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1, 10],
    };

    private readonly Counter<long> _requests = meter.CreateCounter<long>(
        "serverless.inference.shadow.requests", "{request}", "Requests sampled for a shadow, by outcome.");

    private readonly Histogram<double> _error = meter.CreateHistogram(
        "serverless.inference.shadow.error", "1", "The largest difference of two numbers of an answer and its shadow.", null, Powers);

    private readonly Histogram<double> _cosine = meter.CreateHistogram(
        "serverless.inference.shadow.cosine_distance", "1", "1 minus the smallest cosine of an answer and its shadow.", null, Powers);

    private readonly Histogram<double> _duration = meter.CreateHistogram<double>(
        "serverless.inference.shadow.run.duration", "s", "How long the shadow's graph ran.");

    public void Compared(string model, string version, AnswerDistance distance, TimeSpan run)
    {
        Count(model, version, "compared");
        var tags = Of(model, version);
        _error.Record(distance.MaxError, tags);
        _cosine.Record(1 - distance.WorstCosine, tags);
        _duration.Record(run.TotalSeconds, tags);
    }

    public void Count(string model, string version, string outcome)
    {
        var tags = Of(model, version);
        tags.Add(InferenceTelemetry.Outcome, outcome);
        _requests.Add(1, tags);
    }

    private static TagList Of(string model, string version) =>
        new() { { InferenceTelemetry.Model, model }, { InferenceTelemetry.Version, version } };
}
