namespace Serverless.Simulation;

/// <summary>How long a replica works on a request that has one of its places.</summary>
/// <param name="BaseMilliseconds">Of every request. Default 1: what the gateway adds at the median, by the suite <c>serving</c>.</param>
/// <param name="PerContextTokenMilliseconds">
/// Of every prompt token. Default 1.4: a 110-million-parameter decoder on two cores reads 16 tokens of a prompt in 22 ms beside eight streams.
/// </param>
/// <param name="PerGeneratedTokenMilliseconds">Of every answered token. Default 18: one step of the same eight streams.</param>
public sealed record ServiceTimes(
    double BaseMilliseconds = 1, double PerContextTokenMilliseconds = 1.4, double PerGeneratedTokenMilliseconds = 18)
{
    internal TimeSpan Of(Arrival arrival) => TimeSpan.FromMilliseconds(
        BaseMilliseconds + (PerContextTokenMilliseconds * arrival.ContextTokens) + (PerGeneratedTokenMilliseconds * arrival.GeneratedTokens));
}
