using System.Globalization;

namespace Serverless.Benchmarks.Compression;

/// <summary>What all passes made of all models, as a table for these pages.</summary>
internal static class CompressionTable
{
    public static string Of(IEnumerable<CompressionRow> rows) => string.Join('\n',
    [
        "| model | pass | file | stored | accuracy | throughput | cold start |",
        "|---|---|---|---|---|---|---|",
        .. rows.Select(row => string.Create(
            CultureInfo.InvariantCulture,
            $"| {row.Model} | `{row.Pass}` | {row.File:0.000} | {row.Packed:0.000} | {row.AccuracyName} {row.Accuracy:0.0000} | {row.Throughput:0.00} | {row.ColdStart:0.00} |")),
    ]);
}
