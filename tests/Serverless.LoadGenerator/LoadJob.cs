namespace Serverless.LoadGenerator;

/// <summary>What the generator does next: one line of JSON on its standard input.</summary>
/// <param name="Streams">What runs side by side.</param>
/// <param name="Seconds">How long to send; 0 for as long as the streams' counts last.</param>
internal sealed record LoadJob(IReadOnlyList<StreamJob> Streams, double Seconds = 0);
