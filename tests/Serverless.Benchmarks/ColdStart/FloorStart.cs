using System.Diagnostics;
using System.Net.Http.Headers;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Azure.Storage.Sas;
using Serverless.Inference.Lifecycle;
using Serverless.Inference.Onnx;
using Serverless.Models.Manifest;

namespace Serverless.Benchmarks.ColdStart;

/// <summary>
/// The physical floor: the raw weights over eight plain HTTP ranges straight into place, hashed as they come, the least session there can be,
/// and the first run. No manifest, no codec, no retry.
/// </summary>
internal sealed class FloorStart(ColdModel model, ReadOnlyMemory<byte> graph) : IDisposable
{
    private const int Ranges = 8;

    private readonly HttpClient _http = new();
    private readonly Uri _url = model.Raw.GenerateSasUri(BlobSasPermissions.Read, DateTimeOffset.MaxValue.AddYears(-1));

    public async Task<double> RunAsync(CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        var size = model.Lossless.WeightsSize;
        var memory = new PlainMemory(size);
        var part = (size + Ranges - 1) / Ranges;
        await Task.WhenAll(Enumerable.Range(0, Ranges).Select(index => Task.Run(
            () => ReadAsync(memory, index * part, Math.Min(part, size - (index * part)), cancellationToken), cancellationToken)));
        using var session = PackageSession.Open(
            new PackageGraph(graph, model.Lossless.Weights, model.Lossless.Optimization, memory), ExecutionProvider.Cpu);
        WarmUp.Run(session);
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    public void Dispose() => _http.Dispose();

    private async Task ReadAsync(PlainMemory memory, long offset, long length, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, _url);
        request.Headers.Range = new RangeHeaderValue(offset, offset + length - 1);
        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        await using var body = await response.EnsureSuccessStatusCode().Content.ReadAsStreamAsync(cancellationToken);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[256 << 10];
        for (long done = 0; done < length;)
        {
            var read = await body.ReadAsync(buffer, cancellationToken);
            hash.AppendData(buffer, 0, read);
            buffer.AsSpan(0, read).CopyTo(memory.Span(offset + done, read));
            done += read;
        }

        hash.GetCurrentHash();
    }

    private sealed unsafe class PlainMemory(long size) : IWeightMemory
    {
        private readonly byte* _start = (byte*)NativeMemory.AlignedAlloc((nuint)size, WeightTensor.Alignment);

        public string? Path => null;

        public Span<byte> Span(long offset, int length) => new(_start + offset, length);

        public nint AddressOf(WeightTensor tensor) => (nint)(_start + tensor.Offset);

        public void Dispose() => NativeMemory.AlignedFree(_start);
    }
}
