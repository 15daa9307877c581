namespace TinyLm.Training;

/// <summary>How well held-out text was predicted.</summary>
/// <param name="Step">Steps done before.</param>
/// <param name="Training">The mean loss of the training's last batches, nats per token.</param>
/// <param name="HeldOut">That of held-out text.</param>
internal sealed record LossPoint(int Step, double Training, double HeldOut);
