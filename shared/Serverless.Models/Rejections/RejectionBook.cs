using System.Text.Json;
using Serverless.Models.Integrity;
using Serverless.Models.Manifest;
using Serverless.Models.Storage;

namespace Serverless.Models.Rejections;

/// <summary>
/// Reports of candidates that were refused, beside the versions of their model: <c>{name}/rejected/{number}.json</c>. They are no versions:
/// nothing can serve them, and no alias can point to one.
/// </summary>
public sealed class RejectionBook
{
    private const int MaxBytes = 1 << 20;

    // Of a pile that nobody reads, these are kept: about 2 kB each.
    private const int MaxKept = 100;

    private readonly ModelStore _store;

    /// <summary>The reports of <paramref name="store"/>, one that <see cref="ModelStores"/> opened.</summary>
    public RejectionBook(IModelStore store)
    {
        _store = store as ModelStore
            ?? throw new ArgumentException("Only stores opened by ModelStores keep reports.", nameof(store));
    }

    /// <summary>Keeps a report; the oldest make room.</summary>
    /// <returns>Its number, from 1.</returns>
    public async Task<int> AddAsync(string name, LineageRecord lineage, CancellationToken cancellationToken)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(
            new RejectedCandidate(_store.Time.GetUtcNow(), lineage), ManifestJson.Default.RejectedCandidate);
        var numbers = await NumbersAsync(name, cancellationToken);
        var number = (numbers is [var newest, ..] ? newest : 0) + 1;
        while (!await _store.Storage.TryCreateAsync(ModelLayout.Rejection(name, number), json, cancellationToken))
            number++;
        foreach (var old in numbers.Skip(MaxKept - 1))
            await _store.Storage.DeleteAsync(ModelLayout.Rejection(name, old), cancellationToken);
        return number;
    }

    /// <summary>The reports of a model with their numbers, newest first.</summary>
    /// <exception cref="ModelIntegrityException">One is not valid.</exception>
    public async Task<IReadOnlyList<(int Number, RejectedCandidate Report)>> ListAsync(string name, CancellationToken cancellationToken)
    {
        var found = new List<(int, RejectedCandidate)>();
        foreach (var number in await NumbersAsync(name, cancellationToken))
        {
            if (await ReadAsync(name, number, cancellationToken) is { } report)
                found.Add((number, report));
        }

        return found;
    }

    private async Task<IReadOnlyList<int>> NumbersAsync(string name, CancellationToken cancellationToken)
    {
        var numbers = new List<int>();
        await foreach (var found in _store.Storage.ListAsync(ModelLayout.Rejections(name), cancellationToken))
        {
            if (ModelLayout.NumberOfRejection(found.Name) is { } number)
                numbers.Add(number);
        }

        numbers.Sort((left, right) => right.CompareTo(left));
        return numbers;
    }

    private async Task<RejectedCandidate?> ReadAsync(string name, int number, CancellationToken cancellationToken)
    {
        try
        {
            var stored = await _store.Storage.ReadAsync(ModelLayout.Rejection(name, number), MaxBytes, cancellationToken);
            return stored is null ? null : JsonSerializer.Deserialize(stored.Content.Span, ManifestJson.Default.RejectedCandidate);
        }
        catch (Exception error) when (error is JsonException or InvalidDataException)
        {
            throw new ModelIntegrityException($"Report {number} of rejected candidates of {name} is not valid: {error.Message}", error);
        }
    }
}
