namespace Serverless.Inference.Diagnostics;

/// <summary>Counts requests by model, version and outcome, on behalf of whatever transport answers them.</summary>
public sealed class RequestMeter
{
    private readonly InferenceMetrics _metrics;

    internal RequestMeter(InferenceMetrics metrics) => _metrics = metrics;

    /// <summary>Counts one request.</summary>
    /// <param name="model">The model's name; one that exists, since names of strangers would be series without bound.</param>
    /// <param name="version">The version that answered, as <see cref="Lifecycle.ModelLease.VersionLabel"/>.</param>
    /// <param name="outcome"><c>ok</c>, or the code of the error.</param>
    /// <param name="duration">From its arrival to its outcome.</param>
    public void Record(string model, string version, string outcome, TimeSpan duration) =>
        _metrics.Request(model, version, outcome, duration);
}
