using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Serverless.Models.Codecs;
using Serverless.Models.Integrity;
using Serverless.Models.Loading;
using Serverless.Models.Manifest;
using Serverless.Models.Publishing;
using Serverless.Models.Storage;

namespace Serverless.Models.Tests.Loading;

/// <summary>What must hold of weights on their way through any store.</summary>
public abstract class LoadingContract : IDisposable
{
    private readonly Packages _packages = new();

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    private protected abstract IObjectStorage Storage { get; }

    private ModelStore Store => field ??= new ModelStore(Storage, TimeProvider.System);

    [Theory]
    [InlineData(1, 300_000, 3)]
    [InlineData(2, 2_200_000, 2)]
    [InlineData(3, 10, 1)]
    public async Task Load_Lossless_GivesBackEveryBit(int seed, int largeFloats, int tensors)
    {
        var draft = _packages.Weights("m", seed, largeFloats, tensors);
        var manifest = await PublishAsync(draft);

        using var package = await LoadAsync(manifest);

        var expected = await File.ReadAllBytesAsync(draft.WeightsFile!, Token);
        Assert.Equal(draft.Weights.Count, manifest.Weights.Count);
        foreach (var tensor in manifest.Weights)
        {
            Assert.Equal(0, package.AddressOf(tensor) % WeightTensor.Alignment);
            Assert.True(Bytes(package, tensor).SequenceEqual(expected.AsSpan((int)tensor.Offset, (int)tensor.Length)), tensor.Name);
        }

        Assert.Equal("graph", System.Text.Encoding.UTF8.GetString(package.Graph.Span));
        Assert.Equal((manifest.TotalStoredSize, 0), ((await package.Arrival).BytesTotal, (await package.Arrival).BytesFromCache));
    }

    [Theory]
    [InlineData(LossyCodec.Fp16, PackageCodecs.Fp16, 0.51)]
    [InlineData(LossyCodec.Bf16, PackageCodecs.Bf16, 0.51)]
    [InlineData(LossyCodec.Int8Block, PackageCodecs.Int8Block, 0.28)]
    public async Task Load_Lossy_IsAsFarOffAsTheManifestSays(LossyCodec lossy, string codec, double expectedRatio)
    {
        var draft = _packages.Weights("m", 4, 2_200_000, 1, lossy);
        var manifest = await PublishAsync(draft);

        using var package = await LoadAsync(manifest);

        var expected = await File.ReadAllBytesAsync(draft.WeightsFile!, Token);
        Assert.True(manifest.TotalStoredSize < manifest.TotalSize * expectedRatio, $"{manifest.TotalStoredSize} of {manifest.TotalSize}");
        Assert.Contains(manifest.Chunks, chunk => chunk.Codec == codec);
        var statedMax = manifest.Chunks.Max(chunk => chunk.Error?.Max ?? 0);
        foreach (var tensor in manifest.Weights)
        {
            var original = expected.AsSpan((int)tensor.Offset, (int)tensor.Length);
            if (tensor.Name != "w0")
                Assert.True(Bytes(package, tensor).SequenceEqual(original), tensor.Name);
            else
                Assert.Equal(statedMax, LargestDifference(original, Bytes(package, tensor)));
        }

        foreach (var chunk in manifest.Chunks)
            Assert.Equal(chunk.Sha256, Convert.ToHexStringLower(SHA256.HashData(Bytes(package, chunk.Offset, chunk.Size))));
    }

    [Fact]
    public async Task Load_Damaged_IsRefusedByName()
    {
        var manifest = await PublishAsync(_packages.Weights("m", 5, 2_200_000, 2));
        Assert.True(manifest.Chunks.Count >= 3);
        var chunk = manifest.Chunks[1];
        var place = ModelLayout.Blob("m", chunk.StoredSha256);
        var good = await ReadAsync(place);
        var other = await ReadAsync(ModelLayout.Blob("m", manifest.Chunks[2].StoredSha256));
        var flipped = good.ToArray();
        flipped[good.Length / 2] ^= 16;

        foreach (var damaged in new[] { flipped, good[..^1], [], [.. good, 0], other })
        {
            await Storage.WriteAsync(place, new MemoryStream(damaged), null, Token);
            var error = await Assert.ThrowsAsync<ModelIntegrityException>(() => LoadAsync(manifest));
            Assert.Contains("m:1, chunk 1 ", error.Message, StringComparison.Ordinal);
            Assert.Contains(chunk.StoredSha256, error.Message, StringComparison.Ordinal);
            if (damaged.Length <= good.Length)
                Assert.Contains(Convert.ToHexStringLower(SHA256.HashData(damaged)), error.Message, StringComparison.Ordinal);
        }

        await Storage.DeleteAsync(place, Token);
        var missing = await Assert.ThrowsAsync<ModelIntegrityException>(() => LoadAsync(manifest));
        Assert.Contains("m:1, chunk 1 is missing", missing.Message, StringComparison.Ordinal);
        Assert.Contains(chunk.StoredSha256, missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Publish_MostlyTheSame_StoresOnlyWhatChanged()
    {
        var draft = _packages.Weights("m", 6, 2_200_000, 2);
        await PublishAsync(draft);
        var before = await CountBlobsAsync();
        await using (var file = new FileStream(draft.WeightsFile!, FileMode.Open))
        {
            file.Position = draft.Weights[^1].Offset;
            file.WriteByte(0xff);
        }

        var second = await PublishAsync(draft);

        Assert.Equal(before + 1, await CountBlobsAsync());
        using var package = await LoadAsync(second);
        Assert.Equal(0xff, Bytes(package, second.Weights[^1])[0]);
    }

    public virtual void Dispose()
    {
        _packages.Dispose();
        GC.SuppressFinalize(this);
    }

    private Task<ModelManifest> PublishAsync(PackageDraft draft) =>
        new ModelPublisher(Store).PublishAsync(draft, cancellationToken: Token);

    private Task<LoadedPackage> LoadAsync(ModelManifest manifest) =>
        new PackageLoader(Store).LoadAsync(manifest, WeightsPlace.Memory, Token);

    private async Task<byte[]> ReadAsync(string name) => (await Storage.ReadAsync(name, 1 << 30, Token))!.Content.ToArray();

    private async Task<int> CountBlobsAsync()
    {
        var count = 0;
        await foreach (var _ in Storage.ListAsync(ModelLayout.Blobs("m"), Token))
            count++;
        return count;
    }

    private static ReadOnlySpan<byte> Bytes(LoadedPackage package, WeightTensor tensor) =>
        Native.Bytes(package.AddressOf(tensor), tensor.Length);

    private static ReadOnlySpan<byte> Bytes(LoadedPackage package, long offset, long length) =>
        Native.Bytes(package.AddressOf(new WeightTensor("", "uint8", [], offset, length)), length);

    private static double LargestDifference(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        var a = MemoryMarshal.Cast<byte, float>(left);
        var b = MemoryMarshal.Cast<byte, float>(right);
        var largest = 0.0;
        for (var i = 0; i < a.Length; i++)
            largest = Math.Max(largest, Math.Abs((double)a[i] - b[i]));
        return largest;
    }
}
