using Serverless.Models.Manifest;

namespace Serverless.Models.Rejections;

/// <summary>A version that was made and not published, because its figures were not good enough.</summary>
/// <param name="At">When.</param>
/// <param name="Lineage">What it was made from and how, with the figures that say why.</param>
public sealed record RejectedCandidate(DateTimeOffset At, LineageRecord Lineage);
