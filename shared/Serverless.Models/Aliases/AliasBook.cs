using System.Text.Json;
using Serverless.Contracts.Errors;
using Serverless.Contracts.Models;
using Serverless.Models.Integrity;
using Serverless.Models.Manifest;
using Serverless.Models.Storage;

namespace Serverless.Models.Aliases;

/// <summary>The aliases of models: one small object each, moved by conditional writes.</summary>
internal sealed class AliasBook(IObjectStorage storage, TimeProvider time)
{
    private const int MaxBytes = 1 << 16;

    // Of a history that nobody cleans, this much is kept: 100 entries take about 10 kB.
    private const int MaxHistory = 100;

    public async Task<ModelAlias?> FindAsync(string name, string alias, CancellationToken cancellationToken)
    {
        if (!ModelName.IsValid(name) || !ModelName.IsValid(alias))
            return null;
        try
        {
            var stored = await storage.ReadAsync(ModelLayout.Alias(name, alias), MaxBytes, cancellationToken);
            if (stored is null)
                return null;
            var found = JsonSerializer.Deserialize(stored.Content.Span, ManifestJson.Default.ModelAlias) ?? throw new JsonException("it is null");
            return AliasRules.FindFault(found, alias) is { } fault ? throw new JsonException(fault) : found with { ETag = stored.ETag };
        }
        catch (Exception error) when (error is JsonException or InvalidDataException)
        {
            throw new ModelIntegrityException($"The alias {name}:{alias} is not valid: {error.Message}", error);
        }
    }

    public async Task<IReadOnlyList<ModelAlias>> ListAsync(string name, CancellationToken cancellationToken)
    {
        var found = new List<ModelAlias>();
        await foreach (var stored in storage.ListAsync(ModelLayout.Aliases(name), cancellationToken))
        {
            if (ModelLayout.AliasOf(stored.Name) is { } alias && await FindAsync(name, alias, cancellationToken) is { } read)
                found.Add(read);
        }

        found.Sort((left, right) => string.CompareOrdinal(left.Alias, right.Alias));
        return found;
    }

    /// <summary>Points the alias to a version, which answers every request from then on.</summary>
    /// <returns>The alias as moved, or null when it is not in the expected state.</returns>
    public async Task<ModelAlias?> SetAsync(
        string name, string alias, AliasMove move, string? expectedETag, CancellationToken cancellationToken)
    {
        Check(alias);
        while (true)
        {
            var current = await FindAsync(name, alias, cancellationToken);
            if (expectedETag is not null && current?.ETag != expectedETag)
                return null;
            if (await TryWriteAsync(name, current, Moved(alias, current, move), cancellationToken) is { } moved)
                return moved;
            if (expectedETag is not null)
                return null;
        }
    }

    /// <summary>Gives a second version a part of the requests, in place of one that may have it now.</summary>
    public Task<ModelAlias> SetCanaryAsync(string name, string alias, AliasCanary canary, CancellationToken cancellationToken) =>
        ChangeAsync(
            name,
            alias,
            current => AliasRules.FindFault(canary, current.Version) is { } fault
                ? throw new InferenceException(ErrorKind.InvalidRequest, $"{name}:{alias} cannot be split: {fault}.", "canary")
                : Task.FromResult(current with { Canary = canary }),
            cancellationToken);

    /// <summary>Has a version run in the shadow of the alias', or none any more.</summary>
    public Task<ModelAlias> SetShadowAsync(string name, string alias, AliasShadow? shadow, CancellationToken cancellationToken) =>
        ChangeAsync(
            name,
            alias,
            current => shadow is not null && AliasRules.FindFault(shadow, current.Version) is { } fault
                ? throw new InferenceException(ErrorKind.InvalidRequest, $"{name}:{alias} cannot have that shadow: {fault}.", "shadow")
                : Task.FromResult(current with { Shadow = shadow }),
            cancellationToken);

    /// <summary>Points the alias to its canary.</summary>
    public Task<ModelAlias> PromoteAsync(string name, string alias, CancellationToken cancellationToken) =>
        ChangeAsync(
            name,
            alias,
            current => current.Canary is { } canary
                ? Task.FromResult(Moved(alias, current, new AliasMove(canary.Version, time.GetUtcNow())))
                : throw new InferenceException(ErrorKind.Conflict, $"{name}:{alias} has no canary to be promoted.", "model"),
            cancellationToken);

    /// <summary>Ends the canary if there is one, or goes back to the version before, among those for which <paramref name="exists"/>.</summary>
    public Task<ModelAlias> RollBackAsync(
        string name, string alias, Func<int, Task<bool>> exists, CancellationToken cancellationToken) =>
        ChangeAsync(name, alias, async current =>
        {
            if (current.Canary is not null)
                return current with { Canary = null };
            return await FindBackAsync(current, exists) is { } version
                ? Moved(alias, current, new AliasMove(version, time.GetUtcNow(), IsRollback: true))
                : throw new InferenceException(
                    ErrorKind.Conflict, $"{name}:{alias} points to version {current.Version} and had no other before.", "model");
        }, cancellationToken);

    private static void Check(string alias)
    {
        if (!ModelName.IsValid(alias) || char.IsAsciiDigit(alias[0]) || alias == AliasNames.Latest)
        {
            throw new InferenceException(
                ErrorKind.InvalidRequest,
                $"'{alias}' cannot be an alias: aliases match {ModelName.Pattern}, begin with no digit and are not '{AliasNames.Latest}'.",
                "alias");
        }
    }

    // A rollback takes the top off the pile of moves, so that a second one goes further back and not forth again.
    private static async Task<int?> FindBackAsync(ModelAlias current, Func<int, Task<bool>> exists)
    {
        var pile = new List<int>();
        foreach (var move in current.History)
        {
            if (move.IsRollback && pile.LastIndexOf(move.Version) is var at and >= 0)
                pile.RemoveRange(at + 1, pile.Count - at - 1);
            else
                pile.Add(move.Version);
        }

        for (var i = pile.Count - 1; i >= 0; i--)
        {
            if (pile[i] != current.Version && await exists(pile[i]))
                return pile[i];
        }

        return null;
    }

    private static ModelAlias Moved(string alias, ModelAlias? current, AliasMove move)
    {
        var history = current?.History ?? [];
        if (current?.Version != move.Version)
            history = [.. history.Append(move).TakeLast(MaxHistory)];
        return new ModelAlias { Alias = alias, Version = move.Version, History = history };
    }

    private async Task<ModelAlias> ChangeAsync(
        string name, string alias, Func<ModelAlias, Task<ModelAlias>> change, CancellationToken cancellationToken)
    {
        while (true)
        {
            var current = await FindAsync(name, alias, cancellationToken)
                ?? throw new InferenceException(ErrorKind.ModelNotFound, $"Model '{name}' has no alias '{alias}'.", "model");
            if (await TryWriteAsync(name, current, await change(current), cancellationToken) is { } changed)
                return changed;
        }
    }

    private async Task<ModelAlias?> TryWriteAsync(string name, ModelAlias? current, ModelAlias next, CancellationToken cancellationToken)
    {
        next = next with { Format = next is { Canary: null, Shadow: null } ? null : ModelAlias.SplitFormat };
        if (current is not null && (current.Version, current.Canary, current.Shadow) == (next.Version, next.Canary, next.Shadow))
            return current;
        var json = JsonSerializer.SerializeToUtf8Bytes(next, ManifestJson.Default.ModelAlias);
        var place = ModelLayout.Alias(name, next.Alias);
        var written = current is null
            ? await storage.TryCreateAsync(place, json, cancellationToken)
            : await storage.TryReplaceAsync(place, json, current.ETag, cancellationToken);
        return written ? await FindAsync(name, next.Alias, cancellationToken) ?? next : null;
    }
}
