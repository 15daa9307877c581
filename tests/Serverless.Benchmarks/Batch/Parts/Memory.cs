using Serverless.SampleModels;

namespace Serverless.Benchmarks.Batch.Parts;

/// <summary>The gateway's memory with the largest input that a batch may have.</summary>
internal static class Memory
{
    private const long LargeFile = 199L << 20;

    public static async Task MeasureAsync(BatchBench bench, CancellationToken cancellationToken)
    {
        // The same lines made long enough for a file of the largest size; they are validated and never run to the end.
        var filler = new string(' ', (int)(LargeFile / bench.Texts.Length) - 400);
        var lines = BatchLines.Embeddings(bench.Texts.Select(text => text + filler), MiniLm.Name);
        var before = await GatewayProcess.PeakMegabytesAsync(bench.Platform, cancellationToken);
        var file = await bench.Client.UploadAsync(lines, cancellationToken);
        var uploaded = await GatewayProcess.PeakMegabytesAsync(bench.Platform, cancellationToken);
        var batch = await bench.Client.CreateAsync(file, BatchBench.Embeddings, cancellationToken);
        while ((string)(await bench.Client.GetAsync(batch, cancellationToken))["status"]! == "validating")
            await Task.Delay(50, cancellationToken);
        var validated = await GatewayProcess.PeakMegabytesAsync(bench.Platform, cancellationToken);
        bench.Figures.Say(FormattableString.Invariant($"gateway: peak {before:f0} MB before, {uploaded:f0} MB uploaded, {validated:f0} MB validated"));
        bench.Write("gateway_peak_mb", validated, "MB");
        await bench.Client.CancelAsync(batch, cancellationToken);
        await bench.Client.WaitAsync(batch, TimeSpan.FromMinutes(2), TimeSpan.FromSeconds(5), cancellationToken);
    }
}
