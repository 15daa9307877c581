using System.Text.Json;
using Serverless.Contracts.Models;
using Serverless.Models.Integrity;
using Serverless.Models.Manifest;

namespace Serverless.Models.Storage;

/// <summary>The layout of models over any <see cref="IObjectStorage"/>.</summary>
internal sealed class ModelStore(IObjectStorage storage, TimeProvider time) : IModelStore
{
    private const int MaxManifestBytes = 1 << 20;

    /// <summary>
    /// A file this young is never swept up by a deletion: a push in progress may be about to name it. Half of it is how old a file may be
    /// for a push to rely on it without writing it again.
    /// </summary>
    public static readonly TimeSpan SweepAge = TimeSpan.FromHours(1);

    public string Location => storage.Location;

    public IObjectStorage Storage => storage;

    public TimeProvider Time => time;

    public async Task<IReadOnlyList<string>> ListModelsAsync(CancellationToken cancellationToken)
    {
        var names = new List<string>();
        await foreach (var root in storage.ListRootsAsync(cancellationToken))
        {
            if (ModelName.IsValid(root) && (await ListVersionsAsync(root, cancellationToken)).Count > 0)
                names.Add(root);
        }

        names.Sort(StringComparer.Ordinal);
        return names;
    }

    public async Task<IReadOnlyList<int>> ListVersionsAsync(string name, CancellationToken cancellationToken)
    {
        if (!ModelName.IsValid(name))
            return [];
        var versions = new List<int>();
        await foreach (var found in storage.ListAsync(ModelLayout.Versions(name), cancellationToken))
        {
            if (ModelLayout.VersionOfManifest(found.Name) is { } version)
                versions.Add(version);
        }

        versions.Sort((left, right) => right.CompareTo(left));
        return versions;
    }

    public async Task<ModelManifest?> FindManifestAsync(string name, int version, CancellationToken cancellationToken)
    {
        if (!ModelName.IsValid(name))
            return null;
        await using var stored = await storage.OpenAsync(ModelLayout.Manifest(name, version), cancellationToken);
        if (stored is null)
            return null;
        var buffer = new byte[MaxManifestBytes + 1];
        var read = await stored.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        return read <= MaxManifestBytes
            ? ManifestReader.Read(buffer.AsSpan(0, read), name, version)
            : throw new ModelIntegrityException($"The manifest of {name}:{version} is larger than {MaxManifestBytes} bytes.");
    }

    public async Task<TimeSpan> CopyFileAsync(
        ModelManifest manifest, ModelFile file, Stream destination, CancellationToken cancellationToken)
    {
        var opening = time.GetTimestamp();
        var blob = ModelLayout.Blob(manifest.Name, file.Sha256, file.Codec);
        await using var stored = await storage.OpenAsync(blob, cancellationToken)
            ?? throw new ModelIntegrityException(
                $"File '{file.Path}' of {manifest.Name}:{manifest.Version} is missing from the store (expected SHA-256 {file.Sha256}).");
        await using var timed = new TimedStream(stored, time);
        timed.Waited = time.GetElapsedTime(opening);
        await FileDecoder.DecodeAsync(file, timed, destination, cancellationToken);
        return timed.Waited;
    }

    public async Task<int> PublishAsync(ModelManifest draft, CancellationToken cancellationToken)
    {
        for (var version = await LastNumberAsync(draft.Name, cancellationToken) + 1; ; version++)
        {
            var manifest = draft with { Version = version, CreatedAt = time.GetUtcNow() };
            if (ManifestReader.FindFault(manifest) is { } fault)
                throw new ArgumentException($"The manifest is not valid: {fault}.", nameof(draft));
            var json = JsonSerializer.SerializeToUtf8Bytes(manifest, ManifestJson.Default.ModelManifest);
            if (json.Length > MaxManifestBytes)
                throw new ArgumentException($"The manifest takes {json.Length} bytes where {MaxManifestBytes} are allowed.", nameof(draft));
            if (await storage.TryCreateAsync(ModelLayout.Manifest(draft.Name, version), json, cancellationToken))
                return version;
        }
    }

    public async Task<bool> DeleteVersionAsync(string name, int version, CancellationToken cancellationToken)
    {
        if (!(await ListVersionsAsync(name, cancellationToken)).Contains(version))
            return false;
        await BuryAsync(name, version, cancellationToken);
        await SweepAsync(name, cancellationToken);
        return true;
    }

    public async Task<bool> DeleteModelAsync(string name, CancellationToken cancellationToken)
    {
        var versions = await ListVersionsAsync(name, cancellationToken);
        if (versions.Count == 0)
            return false;
        foreach (var version in versions)
            await BuryAsync(name, version, cancellationToken);
        await foreach (var blob in storage.ListAsync(ModelLayout.Blobs(name), cancellationToken))
            await storage.DeleteAsync(blob.Name, cancellationToken);
        return true;
    }

    // The tombstone comes first: a process that dies in between has used a number up twice over, never freed one.
    private async Task BuryAsync(string name, int version, CancellationToken cancellationToken)
    {
        await storage.TryCreateAsync(ModelLayout.Tombstone(name, version), ReadOnlyMemory<byte>.Empty, cancellationToken);
        await storage.DeleteAsync(ModelLayout.Manifest(name, version), cancellationToken);
    }

    private async Task SweepAsync(string name, CancellationToken cancellationToken)
    {
        var used = new HashSet<string>(StringComparer.Ordinal);
        foreach (var version in await ListVersionsAsync(name, cancellationToken))
        {
            ModelManifest? manifest;
            try
            {
                manifest = await FindManifestAsync(name, version, cancellationToken);
            }
            catch (ModelIntegrityException)
            {
                return; // What a manifest that cannot be read uses is not known: sweep nothing.
            }

            used.UnionWith(manifest?.Files.Select(file => ModelLayout.Blob(name, file.Sha256, file.Codec)) ?? []);
        }

        var before = time.GetUtcNow() - SweepAge;
        await foreach (var blob in storage.ListAsync(ModelLayout.Blobs(name), cancellationToken))
        {
            if (!used.Contains(blob.Name) && blob.LastModified < before)
                await storage.DeleteAsync(blob.Name, cancellationToken);
        }
    }

    private async Task<int> LastNumberAsync(string name, CancellationToken cancellationToken)
    {
        var last = 0;
        await foreach (var found in storage.ListAsync(ModelLayout.Versions(name), cancellationToken))
            last = Math.Max(last, ModelLayout.VersionOfManifest(found.Name) ?? ModelLayout.VersionOfTombstone(found.Name) ?? 0);
        return last;
    }
}
