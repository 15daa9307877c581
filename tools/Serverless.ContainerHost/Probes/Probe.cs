namespace Serverless.ContainerHost.Probes;

/// <summary>A question that is asked of a replica again and again, as the probes of Container Apps are.</summary>
/// <param name="Path">What is asked for; any 2xx is a yes.</param>
/// <param name="Delay">How long after the replica's start the first question comes.</param>
/// <param name="Period">How often it is asked.</param>
/// <param name="Timeout">How long an answer may take.</param>
/// <param name="FailureThreshold">How many times in a row "no" has to come to count.</param>
internal sealed record Probe(string Path, TimeSpan Delay, TimeSpan Period, TimeSpan Timeout, int FailureThreshold)
{
    /// <summary>The same with its clock <paramref name="speed"/> times as fast; an answer may take as long as before.</summary>
    public Probe Compressed(double speed) => this with { Delay = Delay / speed, Period = Period / speed };
}
