using System.Text.Json;
using Serverless.Contracts.Models;
using Serverless.Models.Integrity;

namespace Serverless.Models.Manifest;

/// <summary>Reads a manifest that lies in storage, trusting none of it.</summary>
internal static class ManifestReader
{
    /// <exception cref="ModelIntegrityException">It is not a manifest of this model and version, or breaks a rule.</exception>
    public static ModelManifest Read(ReadOnlySpan<byte> json, string name, int version)
    {
        ModelManifest manifest;
        try
        {
            manifest = JsonSerializer.Deserialize(json, ManifestJson.Default.ModelManifest) ?? throw new JsonException("it is null");
        }
        catch (JsonException error)
        {
            throw new ModelIntegrityException($"The manifest of {name}:{version} is not valid: {error.Message}", error);
        }

        if (ManifestDigest.Compute(json, manifest.Digest) is var digest && digest != manifest.Digest)
        {
            throw new ModelIntegrityException(
                $"The manifest of {name}:{version} is not what was published: expected SHA-256 {manifest.Digest}, found {digest}.");
        }

        if (FindFault(manifest) is { } fault)
            throw new ModelIntegrityException($"The manifest of {name}:{version} is not valid: {fault}.");
        if (manifest.Name != name || manifest.Version != version)
            throw new ModelIntegrityException($"The manifest of {name}:{version} is for {manifest.Name}:{manifest.Version}.");
        return manifest;
    }

    /// <summary>The first rule that <paramref name="manifest"/> breaks, or null.</summary>
    public static string? FindFault(ModelManifest manifest)
    {
        if (manifest.Format is not (ModelManifest.CurrentFormat or ModelManifest.StagedFormat))
        {
            return $"format {manifest.Format} is not known (this version reads {ModelManifest.CurrentFormat}, "
                + $"and {ModelManifest.StagedFormat} of models in stages)";
        }

        if (manifest.Format == ModelManifest.StagedFormat != manifest.Stages is not null)
            return $"a model has format {ModelManifest.StagedFormat} if it is in stages, and only then";
        // The serializer checks what may be null everywhere but within lists.
        if (manifest.Files.Contains(null!) || manifest.Weights.Contains(null!) || manifest.Chunks.Contains(null!)
            || manifest.Inputs.Contains(null!) || manifest.Outputs.Contains(null!))
        {
            return "a list has an entry that is null";
        }

        return !ModelName.IsValid(manifest.Name)
            ? $"the name must match {ModelName.Pattern}"
            : FileRules.FindFault(manifest) ?? WeightRules.FindFault(manifest) ?? DecoderRules.FindFault(manifest.Task, manifest.Decoder)
                ?? LineageRules.FindFault(manifest.Lineage) ?? StageRules.FindFault(manifest);
    }
}
