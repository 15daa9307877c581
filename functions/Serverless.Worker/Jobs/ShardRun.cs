using System.Threading.Channels;
using Microsoft.Extensions.Options;
using Serverless.Contracts.Jobs;

namespace Serverless.Worker.Jobs;

/// <summary>Runs a shard's lines from the end of its chain on and seals them segment by segment.</summary>
internal sealed class ShardRun(
    JobStorage storage, SegmentStore segments, JobEvents events, LineRunner runner, JobMetrics metrics, IOptions<JobOptions> options,
    TimeProvider time)
{
    private readonly JobOptions _options = options.Value;

    /// <summary>Runs until the shard is answered, <paramref name="halt"/> ends it, or another worker turns out to be ahead.</summary>
    /// <exception cref="ShardFailedException">The input is not what was validated.</exception>
    public async Task<RunEnd> RunAsync(ShardMessage message, SegmentChain chain, CancellationToken halt)
    {
        using var lines = CancellationTokenSource.CreateLinkedTokenSource(halt);
        var feed = new LineFeed(message, runner, _options, metrics, time);
        var reading = feed.RunAsync(storage, chain.NextOffset, message.First + message.Lines - chain.Next, lines.Token);
        try
        {
            return await SealAsync(message, feed.Lines, new SegmentDraft(message, chain.Next, chain.NextOffset, time.GetTimestamp()), halt);
        }
        finally
        {
            await lines.CancelAsync();
            await reading;
        }
    }

    private async Task<RunEnd> SealAsync(
        ShardMessage message, ChannelReader<RunningLine> lines, SegmentDraft draft, CancellationToken halt)
    {
        RunningLine? held = null;
        while (true)
        {
            var due = _options.SegmentInterval - time.GetElapsedTime(draft.Started);
            var isDue = draft.Lines > 0 && due <= TimeSpan.Zero;
            if (!isDue)
            {
                (held, var end) = await NextAsync(lines, held, draft.Lines > 0 ? due : Timeout.InfiniteTimeSpan, halt);
                if (end is { } ended)
                    return await FinishAsync(message, lines, held, draft, ended);
            }

            var answer = held is { Answer.IsCompletedSuccessfully: true } line ? line.Answer.Result : default(LineAnswer?);
            if (isDue || (answer is { } large && draft.Lines > 0 && draft.Bytes + large.Body.Length > JobLimits.MaxSegmentBytes))
            {
                if (!await WriteAsync(message, draft))
                    return RunEnd.Overtaken;
                draft = new SegmentDraft(message, draft.Next, draft.NextOffset, time.GetTimestamp());
            }

            if (answer is not { } found)
                continue;
            draft.Add(found, held!.Value.NextOffset);
            held = null;
        }
    }

    /// <summary>Waits for the next answer, but not longer than the draft may wait; an end says that there is none any more.</summary>
    private async Task<(RunningLine? Line, RunEnd? End)> NextAsync(
        ChannelReader<RunningLine> lines, RunningLine? held, TimeSpan limit, CancellationToken halt)
    {
        try
        {
            if (held is null)
            {
                if (!await lines.WaitToReadAsync(halt).AsTask().WaitAsync(limit, time, halt))
                    return (null, RunEnd.Finished);
                held = Take(lines);
            }

            if (held is { } running)
                await running.Answer.WaitAsync(limit, time, halt);
            return (held, null);
        }
        catch (TimeoutException)
        {
            return (held, null);
        }
        catch (OperationCanceledException) when (halt.IsCancellationRequested)
        {
            return (held, RunEnd.Halted);
        }
    }

    private async Task<RunEnd> FinishAsync(
        ShardMessage message, ChannelReader<RunningLine> lines, RunningLine? held, SegmentDraft draft, RunEnd end)
    {
        // What finished before the halt counts; what runs is cancelled with it.
        while ((held ?? Take(lines)) is { Answer.IsCompletedSuccessfully: true } line)
        {
            draft.Add(line.Answer.Result, line.NextOffset);
            held = null;
        }

        if (draft.Lines > 0 && !await WriteAsync(message, draft))
            return RunEnd.Overtaken;
        return end;
    }

    private static RunningLine? Take(ChannelReader<RunningLine> lines) => lines.TryRead(out var line) ? line : null;

    private async Task<bool> WriteAsync(ShardMessage message, SegmentDraft draft)
    {
        // Not cancelled by a halt: sealing is what a halt leaves time for.
        await using var content = draft.OpenContent();
        var info = draft.Describe(time.GetElapsedTime(draft.Started));
        if (!await segments.TryWriteAsync(message, info, content, CancellationToken.None))
            return false;
        if (draft.Next < message.First + message.Lines)
            await events.SendAsync(message, BatchEventKind.Progress, CancellationToken.None);
        return true;
    }
}
