using Serverless.Models.Aliases;

namespace Serverless.Inference.Lifecycle;

/// <summary>What a name stands for now.</summary>
/// <param name="Candidates">The version it stands for, then those to fall back to; none when it does not exist.</param>
/// <param name="Canary">A version that answers a part of the requests.</param>
/// <param name="Shadow">A version whose answers are compared.</param>
internal sealed record FollowedState(IReadOnlyList<int> Candidates, AliasCanary? Canary = null, AliasShadow? Shadow = null);
