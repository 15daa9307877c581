namespace TinyLm.Training;

/// <summary>Where a training is.</summary>
/// <param name="Progress">From 0 to 1.</param>
/// <param name="Step">Steps done.</param>
/// <param name="Spent">Time spent.</param>
/// <param name="Loss">The mean loss of the last batches, nats per token.</param>
/// <param name="Rate">The learning rate.</param>
/// <param name="Losses">The measurements so far.</param>
internal sealed record TrainingReport(
    double Progress, int Step, TimeSpan Spent, double Loss, float Rate, IReadOnlyList<LossPoint> Losses);
