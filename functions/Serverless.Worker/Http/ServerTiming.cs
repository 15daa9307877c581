using System.Globalization;
using Serverless.Contracts.Http;
using Serverless.Inference.Lifecycle;
using Serverless.Worker.Costs;
using Serverless.Worker.Starting;

namespace Serverless.Worker.Http;

/// <summary>Tells the caller where the time went, in the header <c>Server-Timing</c> (milliseconds).</summary>
internal static class ServerTiming
{
    // Two names and two times: TimeSpan's longest has 15 digits of milliseconds.
    private const int MaxDurations = 64;

    /// <summary>What the request cost where there are prices, and its queue and run; for a model's first answer the stages of its load too, and for the worker's first those of its start.</summary>
    public static void Write(HttpContext context, ModelLease lease, TimeSpan queue, TimeSpan run, TimeSpan device)
    {
        var (headers, entries) = (context.Response.Headers, Of(context, lease, queue, run));
        var price = context.RequestServices.GetRequiredService<ReplicaPrice>();
        if (price.IsOn)
        {
            var cost = price.TextOf(device);
            headers[InferenceHeaders.Cost] = cost;
            entries = $"{entries}, cost;desc=\"{cost} {price.Currency}\"";
        }

        headers["Server-Timing"] = entries;
    }

    /// <summary>The header's value.</summary>
    public static string Of(HttpContext context, ModelLease lease, TimeSpan queue, TimeSpan run)
    {
        // Digit by digit: formats take three times as long, a hundredth of a small model's request.
        Span<char> text = stackalloc char[MaxDurations];
        var length = Append(text, 0, "queue;dur=", queue);
        length = Append(text, length, ", run;dur=", run);
        var entries = text[..length].ToString();
        if (lease.TakeLoadTimings() is not { } load)
            return entries;
        var start = context.RequestServices.GetRequiredService<StartReport>().Take(load, queue + run);
        return start is null ? $"{entries}, {Load(load)}" : $"{entries}, {Load(load)}, {start}";
    }

    private static int Append(Span<char> text, int at, ReadOnlySpan<char> name, TimeSpan duration)
    {
        name.CopyTo(text[at..]);
        at += name.Length;
        var microseconds = duration.Ticks / TimeSpan.TicksPerMicrosecond;
        (microseconds / 1000).TryFormat(text[at..], out var digits, default, CultureInfo.InvariantCulture);
        at += digits;
        var fraction = (int)(microseconds % 1000);
        text[at] = '.';
        text[at + 1] = (char)('0' + (fraction / 100));
        text[at + 2] = (char)('0' + (fraction / 10 % 10));
        text[at + 3] = (char)('0' + (fraction % 10));
        return at + 4;
    }

    private static string Load(LoadTimings load)
    {
        var entries = load.Stages.Select(stage => string.Create(
            CultureInfo.InvariantCulture, $"{stage.Name};dur={stage.Duration.TotalMilliseconds:0.###}"));
        // Bytes are no duration: the header has a description for what else there is to say.
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{string.Join(", ", entries)}, bytes;desc=\"{load.BytesTotal}\", cached;desc=\"{load.BytesFromCache}\"");
    }
}
