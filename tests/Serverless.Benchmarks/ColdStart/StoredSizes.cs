using System.IO.Compression;
using ZstdSharp;

namespace Serverless.Benchmarks.ColdStart;

/// <summary>What each form of a model takes at rest, as a share of the file that its authors made.</summary>
internal static class StoredSizes
{
    public static void Write(FigureWriter figures, ColdModel model, string graph)
    {
        var raw = File.ReadAllBytes(graph);
        Add("stored_lossless", model.Lossless.TotalStoredSize);
        Add("stored_fp16", model.Fp16.TotalStoredSize);
        Add("stored_int8", model.Int8.TotalStoredSize);
        Add("stored_zstd_alone", Zstd(raw));
        Add("stored_gzip", Gzip(raw));

        void Add(string metric, long stored) => figures.Write(
            new Figure("coldstart", metric, stored / (double)raw.Length, "ratio") { Model = model.Name, Ours = stored, Baseline = raw.Length });
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
