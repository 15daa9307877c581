using Serverless.Models.Manifest;

namespace Serverless.Models.Loading;

/// <summary>
/// A package on this machine, decoded and verified: all of it once <see cref="Arrival"/> completes, everything but look-up tables
/// (<see cref="WeightTensor.Lookup"/>) before. What it hands out is valid until it is disposed, which stops an arrival.
/// </summary>
public sealed class LoadedPackage : IDisposable
{
    /// <summary>Name of the file that <see cref="WeightsPath"/> ends with: what a graph calls its external data.</summary>
    public const string WeightsFileName = "weights.bin";

    private readonly IWeightBuffer _weights;
    private readonly IReadOnlyDictionary<string, ReadOnlyMemory<byte>> _files;
    private bool _disposed;

    internal LoadedPackage(
        ModelManifest manifest, IReadOnlyDictionary<string, ReadOnlyMemory<byte>> files, IWeightBuffer weights, Task<LoadReport> arrival)
    {
        Manifest = manifest;
        Arrival = arrival;
        _files = files;
        _weights = weights;
    }

    /// <summary>The version that was loaded.</summary>
    public ModelManifest Manifest { get; }

    /// <summary>
    /// Completes when the last byte is in place and verified, with how the load went. Fails when one cannot be had: nothing may be computed
    /// with the package then.
    /// </summary>
    public Task<LoadReport> Arrival { get; }

    /// <summary>The graph without its weights.</summary>
    public ReadOnlyMemory<byte> Graph => FileOf(Manifest.Graph.Path);

    /// <summary>A local file with the decoded weights, if there is one: when it was asked for, and when they came from the cache.</summary>
    public string? WeightsPath => _weights.Path;

    /// <summary>
    /// Completes when what was loaded lies in the local cache; at once when nothing had to be written. Fails when it could not be written,
    /// which costs the next load its speed and nothing else.
    /// </summary>
    public Task Cached { get; internal init; } = Task.CompletedTask;

    /// <summary>What goes when this goes.</summary>
    internal IDisposable? Owned { get; init; }

    /// <summary>Address of a tensor's bytes, on 64 bytes. They must not be written to.</summary>
    public nint AddressOf(WeightTensor tensor)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (tensor.Offset < 0 || tensor.Length < 0 || tensor.Offset > _weights.Size - tensor.Length)
        {
            throw new ArgumentOutOfRangeException(
                nameof(tensor), tensor.Name, $"The tensor is not within the {_weights.Size} bytes of weights.");
        }

        return _weights.Address + (nint)tensor.Offset;
    }

    /// <summary>Bytes of the graph or of another file of the package.</summary>
    /// <exception cref="ArgumentException">The package has no such file.</exception>
    public ReadOnlyMemory<byte> FileOf(string path) => _files.TryGetValue(path, out var content)
        ? content
        : throw new ArgumentException($"{Manifest.Name}:{Manifest.Version} has no file '{path}'.", nameof(path));

    /// <inheritdoc/>
    public void Dispose()
    {
        _disposed = true;
        _weights.Dispose();
        Owned?.Dispose();
    }
}
