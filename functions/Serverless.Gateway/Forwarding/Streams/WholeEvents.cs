using System.Buffers;
using Serverless.Contracts.Http;
using Serverless.Gateway.RateLimits;

namespace Serverless.Gateway.Forwarding.Streams;

/// <summary>Copies events so that one which was cut in two by a lost connection does not reach the client by half.</summary>
internal static class WholeEvents
{
    // An event that is longer goes out in parts.
    private const int BufferBytes = 64 << 10;

    /// <summary>Copies until the end. False when the connection was lost before it, or silent for too long.</summary>
    /// <param name="events">Read from.</param>
    /// <param name="client">Written to; its failures are thrown.</param>
    /// <param name="silence">How long nothing may come; its token ends the reading too.</param>
    /// <param name="charge">Settled when the worker tells what the request took.</param>
    public static async Task<bool> CopyAsync(Stream events, Stream client, Silence silence, RateCharge? charge = null)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            var length = 0;
            while (true)
            {
                if (await ReadAsync(events, buffer.AsMemory(length), silence) is not { } read)
                    return false;
                length += read;
                var whole = read == 0 || length == buffer.Length ? length : EndOfLast(buffer.AsSpan(0, length));
                if (charge is not null && UsageComment.Find(buffer.AsSpan(0, whole)) is { } used)
                    charge.Settle(used);
                if (whole > 0)
                    await client.WriteAsync(buffer.AsMemory(0, whole), silence.ClientLeft);
                if (read == 0)
                    return true;
                buffer.AsSpan(whole, length - whole).CopyTo(buffer);
                length -= whole;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static async ValueTask<int?> ReadAsync(Stream events, Memory<byte> buffer, Silence silence)
    {
        try
        {
            silence.Restart();
            return await events.ReadAsync(buffer, silence.Token);
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException
            || (exception is OperationCanceledException && !silence.ClientLeft.IsCancellationRequested))
        {
            return null;
        }
    }

    /// <summary>Where the last event that is complete ends; 0 when none is.</summary>
    private static int EndOfLast(ReadOnlySpan<byte> bytes)
    {
        var (line, lineWithReturn) = (bytes.LastIndexOf("\n\n"u8), bytes.LastIndexOf("\n\r\n"u8));
        return Math.Max(line < 0 ? 0 : line + 2, lineWithReturn < 0 ? 0 : lineWithReturn + 3);
    }
}
