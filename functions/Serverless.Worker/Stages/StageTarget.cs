using Serverless.Contracts.Models;

namespace Serverless.Worker.Stages;

/// <summary>A stage, and where it is served.</summary>
/// <param name="Package">The version that holds it.</param>
/// <param name="Place">What its workers are called.</param>
/// <param name="Url">Their address.</param>
internal sealed record StageTarget(ModelReference Package, string Place, Uri Url);
