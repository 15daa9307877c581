using Serverless.Inference.Execution.Statistics;

namespace Serverless.Worker.Statistics;

/// <summary>Statistics of one version.</summary>
internal sealed record ModelRow(string Name, int Version, ModelStatistics Statistics);
