namespace Serverless.Scaling;

/// <summary>Limits of the gateway, whose rules Azure derives from its triggers.</summary>
/// <param name="MinReplicas">Replicas that always run.</param>
/// <param name="MaxReplicas">Replicas that run at most.</param>
public sealed record GatewayScale(int MinReplicas, int MaxReplicas);
