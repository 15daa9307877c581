namespace Serverless.Inference.Staging;

/// <summary>One stage of a run.</summary>
/// <param name="Stage">Which of the model's.</param>
/// <param name="Inputs">Names of what it takes.</param>
/// <param name="Outputs">Names of what somebody needs of what it gives.</param>
internal sealed record StageStep(int Stage, string[] Inputs, string[] Outputs);
