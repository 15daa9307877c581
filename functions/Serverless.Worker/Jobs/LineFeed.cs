using System.Threading.Channels;
using Serverless.Contracts.Jobs;

namespace Serverless.Worker.Jobs;

/// <summary>
/// Reads a shard's lines and has many run at once, so that their rows fill whole batches; hands them on in input order. How many run, and
/// how many finished ones wait behind a slow one, is bounded.
/// </summary>
internal sealed class LineFeed(ShardMessage message, LineRunner runner, JobOptions options, JobMetrics metrics, TimeProvider time)
{
    private readonly LineWindow _window = new(options);
    private readonly Channel<RunningLine> _lines = Channel.CreateBounded<RunningLine>(
        new BoundedChannelOptions(options.LinesInFlight * 2) { SingleReader = true, SingleWriter = true });

    /// <summary>The lines in order; ends with the shard, or with what went wrong while reading it.</summary>
    public ChannelReader<RunningLine> Lines => _lines.Reader;

    /// <summary>Reads <paramref name="count"/> lines from <paramref name="offset"/> on; returns when the last has been started.</summary>
    public async Task RunAsync(JobStorage storage, long offset, int count, CancellationToken cancellationToken)
    {
        try
        {
            await using var stream = await ShardInput.OpenAsync(storage, message, offset, cancellationToken);
            var input = new InputLineReader(stream, offset);
            for (; count > 0; count--)
                await StartAsync(await NextAsync(input, cancellationToken), left: count, cancellationToken);
            _lines.Writer.Complete();
        }
#pragma warning disable CA1031 // Whatever it is, the reader of the channel throws it.
        catch (Exception error)
#pragma warning restore CA1031
        {
            _lines.Writer.Complete(error);
        }
    }

    private static async Task<InputLine> NextAsync(InputLineReader input, CancellationToken cancellationToken) =>
        await input.ReadAsync(cancellationToken) is { IsTooLong: false } line
            ? line
            : throw ShardFailedException.InputChanged("The input has fewer or longer lines here than were validated.");

    private async Task StartAsync(InputLine line, int left, CancellationToken cancellationToken)
    {
        // The reader's memory is its own again at the next line.
        var request = LineRequest.Read(line.Content.ToArray());
        var bytes = line.Content.Length;
        await _window.EnterAsync(bytes, cancellationToken);
        var next = left == 1 ? message.Offset + message.Length : line.NextOffset;
        var number = message.First + message.Lines - left;
        var answer = Task.Run(() => AnswerAsync(request, number, bytes, cancellationToken), CancellationToken.None);
        await _lines.Writer.WriteAsync(new RunningLine(next, answer), cancellationToken);
    }

    private async Task<LineAnswer> AnswerAsync(LineRequest request, int number, int bytes, CancellationToken cancellationToken)
    {
        using var activity = JobTracing.StartLine(message, number);
        var started = time.GetTimestamp();
        metrics.LinesRunning(1);
        try
        {
            var answer = await runner.RunAsync(message.Endpoint, request.Body, cancellationToken, message.Tenant, _window.Refused);
            activity?.SetTag("http.response.status_code", answer.Status);
            return new LineAnswer(request.CustomId, answer.Status, answer.Body);
        }
        finally
        {
            metrics.LinesRunning(-1);
            _window.Leave(bytes, time.GetElapsedTime(started));
        }
    }
}
