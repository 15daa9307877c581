using System.Diagnostics.Metrics;

namespace Serverless.ContainerHost.Telemetry;

/// <summary>One thing that can be measured at any time.</summary>
/// <param name="Name">Its name after OpenTelemetry's conventions.</param>
/// <param name="Unit">Its unit after UCUM.</param>
/// <param name="Description">What it says.</param>
/// <param name="IsCounter">Whether it only grows.</param>
/// <param name="Read">Its values now.</param>
internal sealed record Measure(string Name, string Unit, string Description, bool IsCounter, Func<IEnumerable<Measurement<double>>> Read);
