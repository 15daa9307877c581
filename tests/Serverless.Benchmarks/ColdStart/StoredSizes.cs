using System.IO.Compression;
using Serverless.Models.Manifest;
using Serverless.Models.Storage;
using ZstdSharp;

namespace Serverless.Benchmarks.ColdStart;

/// <summary>What each form of a model takes at rest, as a share of the file that its authors made.</summary>
internal static class StoredSizes
{
    public static async Task WriteAsync(
        FigureWriter figures, ColdModel model, string graph, IModelStore store, CancellationToken cancellationToken)
    {
        var raw = await File.ReadAllBytesAsync(graph, cancellationToken);
        var fp16 = await StoredAsync(store, model.Fp16, cancellationToken);
        var int8 = await StoredAsync(store, model.Int8, cancellationToken);
        Add("stored_lossless", model.Lossless.TotalStoredSize);
        Add("stored_zstd_alone", Zstd(raw));
        Add("stored_gzip", Gzip(raw));
        Add("stored_fp16", fp16.Length);
        Add("stored_fp16_zstd", Zstd(fp16));
        Add("stored_fp16_gzip", Gzip(fp16));
        Add("stored_int8", int8.Length);
        Add("stored_int8_zstd", Zstd(int8));
        Add("stored_int8_gzip", Gzip(int8));

        void Add(string metric, long stored) => figures.Write(
            new Figure("coldstart", metric, stored / (double)raw.Length, "ratio") { Model = model.Name, Ours = stored, Baseline = raw.Length });
    }

    // All contents one after another, as they lie in the store: what a general compressor would gain on top.
    private static async Task<byte[]> StoredAsync(IModelStore store, ModelManifest manifest, CancellationToken cancellationToken)
    {
        using var all = new MemoryStream();
        foreach (var content in manifest.Contents())
        {
            await using var stored = await store.OpenAsync(manifest, content, cancellationToken);
            await stored!.CopyToAsync(all, cancellationToken);
        }

        return all.ToArray();
    }

    private static long Zstd(byte[] raw)
    {
        using var compressor = new Compressor(3);
        return compressor.Wrap(raw).Length;
    }

    private static long Gzip(byte[] raw)
    {
        using var target = new MemoryStream();
        using (var gzip = new GZipStream(target, CompressionLevel.Optimal, leaveOpen: true))
            gzip.Write(raw);
        return target.Length;
    }
}
