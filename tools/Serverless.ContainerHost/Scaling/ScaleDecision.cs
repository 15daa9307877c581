using Serverless.Scaling;

namespace Serverless.ContainerHost.Scaling;

/// <summary>A change of the number of replicas.</summary>
/// <param name="At">When.</param>
/// <param name="From">How many were wanted before.</param>
/// <param name="To">How many are wanted from then on.</param>
/// <param name="Reading">What was measured.</param>
/// <param name="Reason">Why, in words.</param>
internal sealed record ScaleDecision(DateTimeOffset At, int From, int To, ScaleReading Reading, string Reason);
