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
            var found = JsonSerializer.Deserialize(stored.Content.Span, ManifestJson.Default.ModelAlias);
            return found is { Version: > 0, History.Count: > 0 } && found.Alias == alias && found.History[^1].Version == found.Version
                ? found with { ETag = stored.ETag }
                : throw new JsonException("it is not for this alias, or its history does not end with its version");
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
            if (await TryMoveAsync(name, alias, current, move, cancellationToken) is { } moved)
                return moved;
            if (expectedETag is not null)
                return null;
        }
    }

    /// <summary>Goes back to the version before, among those for which <paramref name="exists"/>.</summary>
    public async Task<ModelAlias> RollBackAsync(
        string name, string alias, Func<int, Task<bool>> exists, CancellationToken cancellationToken)
    {
        while (true)
        {
            var current = await FindAsync(name, alias, cancellationToken)
                ?? throw new InferenceException(ErrorKind.ModelNotFound, $"Model '{name}' has no alias '{alias}'.", "model");
            var move = await FindBackAsync(current, exists) is { } version
                ? new AliasMove(version, time.GetUtcNow(), IsRollback: true)
                : throw new InferenceException(
                    ErrorKind.Conflict, $"{name}:{alias} points to version {current.Version} and had no other before.", "model");
            if (await TryMoveAsync(name, alias, current, move, cancellationToken) is { } moved)
                return moved;
        }
    }

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

    private async Task<ModelAlias?> TryMoveAsync(
        string name, string alias, ModelAlias? current, AliasMove move, CancellationToken cancellationToken)
    {
        if (current?.Version == move.Version)
            return current;
        var history = (current?.History ?? []).Append(move).TakeLast(MaxHistory).ToList();
        var moved = new ModelAlias { Alias = alias, Version = move.Version, History = history };
        var json = JsonSerializer.SerializeToUtf8Bytes(moved, ManifestJson.Default.ModelAlias);
        var place = ModelLayout.Alias(name, alias);
        var written = current is null
            ? await storage.TryCreateAsync(place, json, cancellationToken)
            : await storage.TryReplaceAsync(place, json, current.ETag, cancellationToken);
        return written ? await FindAsync(name, alias, cancellationToken) ?? moved : null;
    }
}
