namespace Serverless.Optimization.Distillation;

/// <summary>How far a student's answers are from its teacher's: the mean of 1 - cosine.</summary>
/// <param name="Step">Steps done before.</param>
/// <param name="Training">On what it is trained on.</param>
/// <param name="HeldOut">On what it never sees.</param>
public sealed record LossPoint(int Step, double Training, double HeldOut);
