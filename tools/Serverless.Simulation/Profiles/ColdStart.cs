namespace Serverless.Simulation;

/// <summary>From the decision for a replica until it is ready: lognormal round the sum of its parts.</summary>
/// <param name="PlatformSeconds">Placing the container and pulling its image. Default 0, a process on this machine: Azure's is not measured.</param>
/// <param name="ProcessSeconds">From the start of the process until it listens. Default 0.3.</param>
/// <param name="ModelSeconds">Loading the model and its first run. Default 0.1: from a warm local cache.</param>
/// <param name="Spread">Deviation of the logarithm: 0.25 puts two thirds of the starts within 22 % below and 28 % above. 0 for none.</param>
public sealed record ColdStart(double PlatformSeconds = 0, double ProcessSeconds = 0.3, double ModelSeconds = 0.1, double Spread = 0.25)
{
    internal TimeSpan Draw(SeededRandom random)
    {
        var median = PlatformSeconds + ProcessSeconds + ModelSeconds;
        return TimeSpan.FromSeconds(Math.Min(Spread > 0 ? median * Math.Exp(Spread * random.Normal()) : median, 3600));
    }
}
