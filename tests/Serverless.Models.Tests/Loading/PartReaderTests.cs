using Serverless.Models.Integrity;
using Serverless.Models.Loading;
using Serverless.Models.Manifest;
using Serverless.Models.Publishing;
using Serverless.Models.Storage;
using Serverless.TestKit;

namespace Serverless.Models.Tests.Loading;

public sealed class PartReaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Packages _packages = new();
    private readonly ModelStore _store;
    private readonly WatchedStore _watched;

    public PartReaderTests()
    {
        _store = new ModelStore(new DirectoryObjectStorage(_folder.Path), TimeProvider.System);
        _watched = new WatchedStore(_store);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Read_BreaksOffHalfWay_IsTriedAgainByItself()
    {
        var manifest = await PublishAsync();
        _watched.Instead = (number, stream) => number % 2 == 1 ? new BreakingStream(stream) : stream;

        using var package = await new PackageLoader(_watched).LoadAsync(manifest, WeightsPlace.Memory, Token);

        Assert.True(_watched.Opened >= manifest.Chunks.Count + 1);
        Assert.Equal("graph", System.Text.Encoding.UTF8.GetString(package.Graph.Span));
    }

    [Fact]
    public async Task Read_BreaksOffEveryTime_NamesThePart()
    {
        var manifest = await PublishAsync();
        _watched.Instead = (_, stream) => new BreakingStream(stream);

        var error = await Assert.ThrowsAsync<ModelReadException>(
            () => new PackageLoader(_watched).LoadAsync(manifest, WeightsPlace.Memory, Token));

        Assert.Matches("^m:1, (chunk [0-9]+|file 'model.onnx') cannot be read from .*: the line went dead$", error.Message);
    }

    [Fact]
    public async Task Read_CancelledMeanwhile_StopsAtOnce()
    {
        var manifest = await PublishAsync();
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(Token);
        _watched.Instead = (_, stream) =>
        {
            stopping.Cancel();
            return stream;
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => new PackageLoader(_watched).LoadAsync(manifest, WeightsPlace.Memory, stopping.Token));
    }

    [Fact]
    public async Task Read_ManyChunks_KeepsNoMoreInFlightThanAllowed()
    {
        var manifest = await PublishAsync(tensors: 10);
        var (now, most) = (0, 0);
        var together = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _watched.Instead = (_, stream) =>
        {
            var current = Interlocked.Increment(ref now);
            for (var seen = most; current > seen && Interlocked.CompareExchange(ref most, current, seen) != seen; seen = most)
            {
            }

            if (current > 1)
                together.TrySetResult();
            return new ClosingStream(stream, together.Task, () => Interlocked.Decrement(ref now));
        };

        using var package = await new PackageLoader(_watched).LoadAsync(manifest, WeightsPlace.Memory, Token);

        Assert.True(manifest.Chunks.Count > StoreLoad.MaxInFlight);
        Assert.InRange(most, 2, StoreLoad.MaxInFlight);
    }

    public void Dispose()
    {
        _folder.Dispose();
        _packages.Dispose();
    }

    // Large enough that each tensor has a chunk of its own.
    private Task<ModelManifest> PublishAsync(int tensors = 2) => new ModelPublisher(_store).PublishAsync(
        _packages.Weights("m", 1, 1_100_000, tensors), cancellationToken: Token);

    private sealed class BreakingStream(Stream inner) : WrappedStream(inner)
    {
        private int _reads;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => ++_reads > 1
            ? throw new IOException("the line went dead")
            : base.ReadAsync(buffer[..Math.Min(3, buffer.Length)], cancellationToken);
    }

    /// <summary>Reads nothing before <paramref name="ready"/>: without a second read beside it the first would never end.</summary>
    private sealed class ClosingStream(Stream inner, Task ready, Action closing) : WrappedStream(inner)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await ready.WaitAsync(TimeSpan.FromSeconds(30), cancellationToken);
            return await base.ReadAsync(buffer, cancellationToken);
        }

        public override async ValueTask DisposeAsync()
        {
            await base.DisposeAsync();
            closing();
        }
    }
}
