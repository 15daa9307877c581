using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Serverless.FunctionsHost.Telemetry;

/// <summary>Spans and metrics of this host; requests over HTTP have those of ASP.NET Core.</summary>
internal static class HostTelemetry
{
    public const string Name = "Serverless.FunctionsHost";

    private static readonly ActivitySource Source = new(Name);
    private static readonly Meter Meter = new(Name);
    private static readonly Histogram<double> Durations = Meter.CreateHistogram<double>(
        "serverless.functions.invocation.duration", "s", "Duration of calls that no HTTP request triggered.");

    /// <summary>An activity even when nobody listens, if the worker is to get a trace context.</summary>
    public static Activity? StartInvocation(string function, bool traced)
    {
        // Each message or tick starts a trace of its own, whatever activity the loop was started in.
        Activity.Current = null;
        var activity = Source.StartActivity(function, ActivityKind.Consumer)
            ?? (traced ? new Activity(function).Start() : null);
        return activity?.SetTag("faas.name", function);
    }

    public static void RecordInvocation(string function, bool succeeded, TimeSpan duration)
    {
        if (!Durations.Enabled) return;
        Durations.Record(duration.TotalSeconds, new TagList { { "faas.name", function }, { "success", succeeded } });
    }
}
