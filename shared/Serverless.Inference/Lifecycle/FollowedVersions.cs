using Serverless.Contracts.Models;
using Serverless.Models.Aliases;
using Serverless.Models.Storage;

namespace Serverless.Inference.Lifecycle;

/// <summary>Which versions a name stands for that is not a version's own.</summary>
internal sealed class FollowedVersions(IModelStore store, ModelReference reference)
{
    // Means the newest wherever models are named.
    private const string Latest = "latest";

    public ModelReference Reference => reference;

    public string NotFound => reference.Alias is null
        ? $"Model '{reference.Name}' does not exist."
        : $"Model '{reference.Name}' has no alias '{reference.Alias}'.";

    public async Task<FollowedState> ReadAsync(CancellationToken cancellationToken)
    {
        if (reference.Alias is null or Latest)
            return new FollowedState(await store.ListVersionsAsync(reference.Name, cancellationToken));
        var alias = await store.FindAliasAsync(reference.Name, reference.Alias, cancellationToken);
        return alias is null ? new FollowedState([]) : new FollowedState(Candidates(alias), alias.Canary, alias.Shadow);
    }

    // Where the alias pointed before is what has been good enough once; a newer version that it never pointed to is not.
    private static List<int> Candidates(ModelAlias alias) =>
        [.. alias.History.Select(move => move.Version).Reverse().Prepend(alias.Version).Distinct()];
}
