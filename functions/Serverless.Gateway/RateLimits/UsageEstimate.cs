using System.Buffers.Text;
using Serverless.Gateway.Forwarding;
using Serverless.Gateway.Http;

namespace Serverless.Gateway.RateLimits;

/// <summary>What a request will take, as far as it can be told before it runs; what it took corrects that.</summary>
internal static class UsageEstimate
{
    // Of English text, and of the JSON around it.
    private const int BytesPerToken = 4;

    // A chat that does not say how long its answer may be goes on until the model ends it.
    private const int UsualAnswer = 256;

    // The first shape stands in the first input, behind an id and a name.
    private const int ShapeWithin = 4 << 10;

    /// <summary>What a request will take that goes to <paramref name="route"/>, which charges for something.</summary>
    public static long Of(Route route, ReadOnlySpan<byte> body) => route.Charged == RateUnit.Rows
        ? Rows(body)
        : Tokens(body.Length, RequestHead.Read(body, isWhole: true), WritesText(route));

    /// <summary>Whether answers on <paramref name="route"/> are text that takes tokens too.</summary>
    public static bool WritesText(Route route) => route.Body != RouteBody.NamesModel;

    /// <summary>Tokens of a prompt and of its answers.</summary>
    /// <param name="bytes">Length of the request's body.</param>
    /// <param name="head">What the body says.</param>
    /// <param name="writesText">Whether the answer is text, which takes tokens too.</param>
    public static long Tokens(long bytes, RequestHead head, bool writesText) =>
        Math.Max(1, bytes / BytesPerToken) + (writesText ? (head.Choices ?? 1L) * (head.MaxTokens ?? UsualAnswer) : 0);

    /// <summary>Rows of an Open Inference request: the first number of the first shape; 1 where there is none to see.</summary>
    public static long Rows(ReadOnlySpan<byte> body)
    {
        body = body[..Math.Min(body.Length, ShapeWithin)];
        var at = body.IndexOf("\"shape\""u8);
        return at >= 0 && Utf8Parser.TryParse(body[(at + "\"shape\"".Length)..].TrimStart(" \t\r\n:["u8), out int rows, out _) && rows > 0 ? rows : 1;
    }
}
