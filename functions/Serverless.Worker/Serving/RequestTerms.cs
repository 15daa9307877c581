using System.Globalization;
using Serverless.Contracts.Errors;
using Serverless.Contracts.Http;
using Serverless.Contracts.Trust;
using Serverless.Inference.Execution;
using Serverless.Inference.Lifecycle;

namespace Serverless.Worker.Serving;

/// <summary>Reads from a request on what terms it waits.</summary>
internal static class RequestTerms
{
    private const int MaxRoutingKey = 128;

    // What is left of a caller's time for writing the answer and bringing it there.
    private const double AnswerShare = 0.02;
    private static readonly TimeSpan LongestAnswer = TimeSpan.FromMilliseconds(50);

    /// <param name="context">The request; see <see cref="InferenceHeaders"/>.</param>
    /// <param name="started">When it arrived, as a timestamp of <paramref name="time"/>.</param>
    /// <param name="time">The engine's clock.</param>
    /// <exception cref="InferenceException">A header is not what it may be.</exception>
    public static RunTerms Read(HttpContext context, long started, TimeProvider time)
    {
        var headers = context.Request.Headers;
        return new RunTerms(
            ReadTimeout(headers[InferenceHeaders.Timeout]) is { } timeout ? started + Ticks(ForRun(timeout), time) : null,
            ReadPriority(headers[InferenceHeaders.Priority]),
            // With a token its word alone counts: anybody can send a header.
            context.Features.Get<GatewayClaims>() is { } claims ? claims.Tenant : headers[InferenceHeaders.Tenant]);
    }

    /// <summary>Which of the versions of an alias is to answer: by the caller's key, or by chance.</summary>
    /// <exception cref="InferenceException">The key is longer than it may be.</exception>
    public static TrafficSlice ReadSlice(HttpContext context, string model, string? tenant)
    {
        string? key = context.Request.Headers[InferenceHeaders.RoutingKey];
        if (string.IsNullOrEmpty(key))
            return TrafficSlice.Random();
        return key.Length <= MaxRoutingKey
            ? TrafficSlice.Of(model, tenant, key)
            : throw Invalid(InferenceHeaders.RoutingKey, $"must have at most {MaxRoutingKey} characters");
    }

    /// <summary>The terms with what is left for the run when the answer is wanted <paramref name="timeout"/> from now, if that is sooner.</summary>
    public static RunTerms Within(this RunTerms terms, TimeSpan timeout, TimeProvider time)
    {
        var deadline = time.GetTimestamp() + Ticks(ForRun(timeout), time);
        return terms.Deadline <= deadline ? terms : terms with { Deadline = deadline };
    }

    private static TimeSpan ForRun(TimeSpan timeout) => timeout - TimeSpan.FromTicks(Math.Min((timeout * AnswerShare).Ticks, LongestAnswer.Ticks));

    private static long Ticks(TimeSpan span, TimeProvider time) => (long)(span.TotalSeconds * time.TimestampFrequency);

    private static TimeSpan? ReadTimeout(string? text)
    {
        if (text is null)
            return null;
        return double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)
            && seconds is > 0 and <= 3600
            ? TimeSpan.FromSeconds(seconds)
            : throw Invalid(InferenceHeaders.Timeout, "must be seconds above 0 and up to 3600, such as 0.25");
    }

    private static RunPriority ReadPriority(string? text) => text switch
    {
        null => RunPriority.Interactive,
        _ when text.Equals("interactive", StringComparison.OrdinalIgnoreCase) => RunPriority.Interactive,
        _ when text.Equals("batch", StringComparison.OrdinalIgnoreCase) => RunPriority.Batch,
        _ => throw Invalid(InferenceHeaders.Priority, "must be interactive or batch"),
    };

    private static InferenceException Invalid(string header, string rule) => new(ErrorKind.InvalidRequest, $"{header} {rule}.", header);
}
