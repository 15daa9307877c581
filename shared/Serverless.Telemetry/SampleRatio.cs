using System.Globalization;
using Microsoft.Extensions.Configuration;
using OpenTelemetry.Trace;
using Serverless.Contracts.Configuration;

namespace Serverless.Telemetry;

/// <summary>
/// How many traces are sampled where they begin. Whoever gets a trace from elsewhere follows what was decided there, unless strangers may have
/// sent it.
/// </summary>
internal static class SampleRatio
{
    /// <summary>One in ten: enough to find the slow ones of any load that has some.</summary>
    public const double Default = 0.1;

    /// <summary>The ratio of <see cref="Settings.TelemetrySampleRatio"/>; null when the standard setting names a sampler in its place.</summary>
    /// <exception cref="FormatException">It is not a number from 0 to 1.</exception>
    public static double? Read(IConfiguration configuration)
    {
        if (configuration[Settings.TelemetrySampleRatio.Replace("__", ":", StringComparison.Ordinal)] is not { Length: > 0 } text)
            return string.IsNullOrEmpty(configuration["OTEL_TRACES_SAMPLER"]) ? Default : null;
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var ratio) && ratio is >= 0 and <= 1
            ? ratio
            : throw new FormatException($"{Settings.TelemetrySampleRatio} must be a number from 0 to 1, not '{text}'.");
    }

    public static TracerProviderBuilder Apply(TracerProviderBuilder traces, double? ratio, bool isPublic)
    {
        if (ratio is not { } part)
            return traces;
        // Of one trace's id each process with the same ratio thinks the same, so that what the public one records is whole.
        var byId = new TraceIdRatioBasedSampler(part);
        return traces.SetSampler(isPublic ? byId : new ParentBasedSampler(byId));
    }
}
