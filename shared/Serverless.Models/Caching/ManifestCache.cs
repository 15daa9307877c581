using System.Collections.Concurrent;
using System.Globalization;
using Serverless.Models.Integrity;
using Serverless.Models.Manifest;
using Serverless.Models.Storage;

namespace Serverless.Models.Caching;

/// <summary>
/// Manifests of versions that were loaded from one store. They say what the store will most likely say again, so that a load from the local
/// cache need not wait for its answer before it begins; whether it does say so decides whether the load counts.
/// </summary>
internal sealed class ManifestCache(string folder, string location)
{
    // At most about 16 MiB each, mostly 20 KiB.
    private readonly SmallFiles _files = new(Path.Combine(Path.GetFullPath(folder), "manifests"), location);
    private readonly ConcurrentDictionary<string, string> _kept = new(StringComparer.Ordinal);

    /// <summary>The manifest as it was when the version was last loaded; null when it never was, or cannot be read.</summary>
    public ModelManifest? Find(string name, int version)
    {
        var key = KeyOf(name, version);
        try
        {
            if (_files.Read(key, ModelStore.MaxManifestBytes) is not { } bytes)
                return null;
            var manifest = ManifestReader.Read(bytes, name, version);
            _kept[key] = manifest.Digest;
            return manifest;
        }
        catch (ModelIntegrityException)
        {
            return null;
        }
    }

    /// <summary>Keeps <paramref name="manifest"/>. What fails leaves things as they were: only time is lost by it.</summary>
    public void Keep(ModelManifest manifest)
    {
        var key = KeyOf(manifest.Name, manifest.Version);
        if (_kept.TryGetValue(key, out var digest) && digest == manifest.Digest)
            return;
        var bytes = ManifestDigest.Seal(manifest);
        // Written by a version of this program that writes otherwise: it would never be equal to what the store has.
        if (ManifestDigest.Compute(bytes, manifest.Digest) != manifest.Digest)
            return;
        if (_files.TryWrite(key, bytes))
            _kept[key] = manifest.Digest;
        else
            _kept.TryRemove(key, out _);
    }

    /// <summary>Forgets a version that is gone.</summary>
    public void Remove(string name, int version)
    {
        var key = KeyOf(name, version);
        _kept.TryRemove(key, out _);
        _files.Remove(key);
    }

    private static string KeyOf(string name, int version) => string.Create(CultureInfo.InvariantCulture, $"{name}\n{version}");
}
