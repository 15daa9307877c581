using Serverless.Contracts.Errors;
using Serverless.Contracts.Models;
using Serverless.Models.Aliases;
using Serverless.Models.Integrity;
using Serverless.Models.Manifest;

namespace Serverless.Models.Storage;

/// <summary>The layout of models over any <see cref="IObjectStorage"/>.</summary>
internal sealed class ModelStore(IObjectStorage storage, TimeProvider time) : IModelStore
{
    // 100,000 chunks and tensors would take more, a model of 100 GB takes half of it.
    public const int MaxManifestBytes = 16 << 20;

    private readonly AliasBook _aliases = new(storage, time);

    /// <summary>
    /// An object this young is never swept up by a deletion: a push in progress may be about to name it. A push that relies on an older one
    /// makes it young first.
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
        try
        {
            var stored = await storage.ReadAsync(ModelLayout.Manifest(name, version), MaxManifestBytes, cancellationToken);
            return stored is null ? null : ManifestReader.Read(stored.Content.Span, name, version);
        }
        catch (InvalidDataException error)
        {
            throw new ModelIntegrityException($"The manifest of {name}:{version} is not valid: {error.Message}.", error);
        }
    }

    public Task<Stream?> OpenAsync(ModelManifest manifest, StoredContent content, CancellationToken cancellationToken) =>
        storage.OpenAsync(ModelLayout.Blob(manifest.Name, content.StoredSha256), cancellationToken);

    public Task<ModelAlias?> FindAliasAsync(string name, string alias, CancellationToken cancellationToken) =>
        _aliases.FindAsync(name, alias, cancellationToken);

    public async Task<IReadOnlyList<ModelAlias>> ListAliasesAsync(string name, CancellationToken cancellationToken) =>
        ModelName.IsValid(name) ? await _aliases.ListAsync(name, cancellationToken) : [];

    public async Task<ModelAlias?> SetAliasAsync(
        string name, string alias, int version, string? expectedETag, CancellationToken cancellationToken)
    {
        await CheckExistsAsync(name, version, cancellationToken);
        return await _aliases.SetAsync(name, alias, new AliasMove(version, time.GetUtcNow()), expectedETag, cancellationToken);
    }

    public async Task<ModelAlias> SetCanaryAsync(string name, string alias, AliasCanary canary, CancellationToken cancellationToken)
    {
        await CheckExistsAsync(name, canary.Version, cancellationToken);
        return await _aliases.SetCanaryAsync(name, alias, canary, cancellationToken);
    }

    public async Task<ModelAlias> SetShadowAsync(string name, string alias, AliasShadow? shadow, CancellationToken cancellationToken)
    {
        if (shadow is not null)
            await CheckExistsAsync(name, shadow.Version, cancellationToken);
        return await _aliases.SetShadowAsync(name, alias, shadow, cancellationToken);
    }

    public Task<ModelAlias> PromoteCanaryAsync(string name, string alias, CancellationToken cancellationToken) =>
        _aliases.PromoteAsync(name, alias, cancellationToken);

    public Task<ModelAlias> RollBackAliasAsync(string name, string alias, CancellationToken cancellationToken) =>
        _aliases.RollBackAsync(name, alias, version => ExistsAsync(name, version, cancellationToken), cancellationToken);

    public async Task<int> PublishAsync(ModelManifest draft, CancellationToken cancellationToken)
    {
        for (var version = await LastNumberAsync(draft.Name, cancellationToken) + 1; ; version++)
        {
            var manifest = draft with { Version = version, CreatedAt = time.GetUtcNow() };
            if (ManifestReader.FindFault(manifest) is { } fault)
                throw new ArgumentException($"The manifest is not valid: {fault}.", nameof(draft));
            var json = ManifestDigest.Seal(manifest);
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
        if ((await ListAliasesAsync(name, cancellationToken)).FirstOrDefault(alias => alias.Versions.Contains(version)) is { } named)
        {
            throw new InferenceException(
                ErrorKind.Conflict, $"{name}:{version} is what the alias '{named.Alias}' points to: move the alias first.", "model");
        }

        await BuryAsync(name, version, cancellationToken);
        await SweepAsync(name, cancellationToken);
        return true;
    }

    public async Task<bool> DeleteModelAsync(string name, CancellationToken cancellationToken)
    {
        var versions = await ListVersionsAsync(name, cancellationToken);
        if (versions.Count == 0)
            return false;
        await foreach (var alias in storage.ListAsync(ModelLayout.Aliases(name), cancellationToken))
            await storage.DeleteAsync(alias.Name, cancellationToken);
        await foreach (var rejection in storage.ListAsync(ModelLayout.Rejections(name), cancellationToken))
            await storage.DeleteAsync(rejection.Name, cancellationToken);
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

            used.UnionWith(manifest?.Contents().Select(content => ModelLayout.Blob(name, content.StoredSha256)) ?? []);
        }

        var before = time.GetUtcNow() - SweepAge;
        await foreach (var blob in storage.ListAsync(ModelLayout.Blobs(name), cancellationToken))
        {
            if (!used.Contains(blob.Name) && blob.LastModified < before)
                await storage.DeleteUnchangedAsync(blob, cancellationToken);
        }
    }

    private async Task CheckExistsAsync(string name, int version, CancellationToken cancellationToken)
    {
        if (await ExistsAsync(name, version, cancellationToken))
            return;
        // Their reports have numbers too, which look like versions.
        var hint = ModelName.IsValid(name) && await storage.ListAsync(ModelLayout.Rejections(name), cancellationToken).AnyAsync(cancellationToken)
            ? " Candidates that the gate rejected are no versions and cannot be served."
            : "";
        throw new InferenceException(ErrorKind.ModelNotFound, $"There is no model '{name}:{version}' in {Location}.{hint}", "model");
    }

    private async Task<bool> ExistsAsync(string name, int version, CancellationToken cancellationToken) =>
        ModelName.IsValid(name) && await storage.FindAsync(ModelLayout.Manifest(name, version), cancellationToken) is not null;

    private async Task<int> LastNumberAsync(string name, CancellationToken cancellationToken)
    {
        var last = 0;
        await foreach (var found in storage.ListAsync(ModelLayout.Versions(name), cancellationToken))
            last = Math.Max(last, ModelLayout.VersionOfManifest(found.Name) ?? ModelLayout.VersionOfTombstone(found.Name) ?? 0);
        return last;
    }
}
