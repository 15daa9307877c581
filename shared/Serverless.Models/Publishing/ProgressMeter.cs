namespace Serverless.Models.Publishing;

/// <summary>Adds up what parallel work has done on a file and reports it in order. (Progress&lt;T&gt; would report out of order.)</summary>
internal sealed class ProgressMeter(IProgress<PublishProgress>? progress, string file, long total)
{
    private readonly Lock _lock = new();
    private readonly long[] _done = new long[2];

    public void Add(PublishStage stage, long bytes)
    {
        if (progress is null)
            return;
        lock (_lock)
            progress.Report(new PublishProgress(file, stage, _done[(int)stage] += bytes, total));
    }
}
