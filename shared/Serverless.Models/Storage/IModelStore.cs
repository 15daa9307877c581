using Serverless.Contracts.Errors;
using Serverless.Models.Aliases;
using Serverless.Models.Integrity;
using Serverless.Models.Manifest;

namespace Serverless.Models.Storage;

/// <summary>
/// Published models. Versions are whole numbers from 1 and never change; a number is never used twice, not even after a deletion.
/// </summary>
public interface IModelStore
{
    /// <summary>Where the models lie, for messages.</summary>
    string Location { get; }

    /// <summary>Names of the models that have a version, sorted.</summary>
    Task<IReadOnlyList<string>> ListModelsAsync(CancellationToken cancellationToken);

    /// <summary>Versions of a model, newest first; none when the model does not exist.</summary>
    Task<IReadOnlyList<int>> ListVersionsAsync(string name, CancellationToken cancellationToken);

    /// <summary>The manifest of a version, or null when it does not exist.</summary>
    /// <exception cref="ModelIntegrityException">It exists but is not valid.</exception>
    Task<ModelManifest?> FindManifestAsync(string name, int version, CancellationToken cancellationToken);

    /// <summary>Opens the stored bytes of a content, neither decoded nor verified; null when they are missing.</summary>
    Task<Stream?> OpenAsync(ModelManifest manifest, StoredContent content, CancellationToken cancellationToken);

    /// <summary>Where an alias points, or null when the model has no such alias.</summary>
    /// <exception cref="ModelIntegrityException">It exists but is not valid.</exception>
    Task<ModelAlias?> FindAliasAsync(string name, string alias, CancellationToken cancellationToken);

    /// <summary>The aliases of a model, by name.</summary>
    Task<IReadOnlyList<ModelAlias>> ListAliasesAsync(string name, CancellationToken cancellationToken);

    /// <summary>Points an alias to a version, in one step. Its canary and its shadow end.</summary>
    /// <param name="name">The model.</param>
    /// <param name="alias">The alias; made when it does not exist.</param>
    /// <param name="version">A version that exists.</param>
    /// <param name="expectedETag">Move it only from the state with this tag; null moves it from wherever it is.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The alias as moved, or null when it is not in the expected state any more.</returns>
    /// <exception cref="InferenceException">The version does not exist, or no alias can have that name.</exception>
    Task<ModelAlias?> SetAliasAsync(string name, string alias, int version, string? expectedETag, CancellationToken cancellationToken);

    /// <summary>Gives a second version a part of an alias' requests, in one step and in place of a canary that it may have.</summary>
    /// <returns>The alias as split.</returns>
    /// <exception cref="InferenceException">There is no such alias or version, the version is the alias' own, or the weight is none.</exception>
    Task<ModelAlias> SetCanaryAsync(string name, string alias, AliasCanary canary, CancellationToken cancellationToken);

    /// <summary>Has a version run in the shadow of an alias' version, in one step; null ends it.</summary>
    /// <returns>The alias as changed.</returns>
    /// <exception cref="InferenceException">There is no such alias or version, the version is the alias' own, or the share is none.</exception>
    Task<ModelAlias> SetShadowAsync(string name, string alias, AliasShadow? shadow, CancellationToken cancellationToken);

    /// <summary>Points an alias to its canary, in one step.</summary>
    /// <returns>The alias as moved.</returns>
    /// <exception cref="InferenceException">There is no such alias, or it has no canary.</exception>
    Task<ModelAlias> PromoteCanaryAsync(string name, string alias, CancellationToken cancellationToken);

    /// <summary>
    /// Ends an alias' canary. Without one, points the alias back to the version it had before; again, to the one before that.
    /// </summary>
    /// <returns>The alias as moved.</returns>
    /// <exception cref="InferenceException">There is no such alias, or no version to go back to.</exception>
    Task<ModelAlias> RollBackAliasAsync(string name, string alias, CancellationToken cancellationToken);

    /// <summary>Deletes one version and the contents that no other version uses.</summary>
    /// <returns>False when it does not exist.</returns>
    /// <exception cref="InferenceException">An alias points to it, or has it for its canary or its shadow.</exception>
    Task<bool> DeleteVersionAsync(string name, int version, CancellationToken cancellationToken);

    /// <summary>Deletes a model with all its versions and aliases.</summary>
    /// <returns>False when it does not exist.</returns>
    Task<bool> DeleteModelAsync(string name, CancellationToken cancellationToken);
}
