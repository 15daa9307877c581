namespace Serverless.Inference.Execution;

/// <summary>What the parts of a model instance share.</summary>
internal sealed record ServingContext(ServingMeter Meter, TimeProvider Time, ServingSettings Settings);
