using Serverless.Inference.Generation;
using Serverless.Models.Manifest;
using Serverless.Worker.Costs;

namespace Serverless.Worker.Generation.Answers;

/// <summary>Who answers, and when.</summary>
/// <param name="Generator">The model's generator.</param>
/// <param name="Manifest">The model's manifest.</param>
/// <param name="Created">When the answer began.</param>
/// <param name="Price">What the cost in its usage is reckoned by; null where it is not asked for.</param>
internal sealed record AnswerSource(TextGenerator Generator, ModelManifest Manifest, DateTimeOffset Created, ReplicaPrice? Price);
