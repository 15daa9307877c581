using System.Globalization;
using Serverless.Contracts.Errors;
using Serverless.Contracts.Http;

namespace Serverless.Worker.Http;

/// <summary>Tells what a request took to those who ask: the gateway, which charges by it.</summary>
internal static class AskedUsage
{
    /// <summary>Whether the request asks.</summary>
    /// <exception cref="InferenceException">The header says something else than <c>include</c>.</exception>
    public static bool Is(HttpContext context)
    {
        string? asked = context.Request.Headers[InferenceHeaders.Usage];
        if (asked is null)
            return false;
        return asked.Equals(InferenceHeaders.Include, StringComparison.OrdinalIgnoreCase) ? true : throw new InferenceException(
            ErrorKind.InvalidRequest, $"{InferenceHeaders.Usage} must be {InferenceHeaders.Include}.", InferenceHeaders.Usage);
    }

    /// <summary>Tells it in the answer's head, which has not left.</summary>
    /// <exception cref="InferenceException">The header says something else than <c>include</c>.</exception>
    public static void Write(HttpContext context, long used)
    {
        if (Is(context))
            context.Response.Headers[InferenceHeaders.Usage] = used.ToString(CultureInfo.InvariantCulture);
    }
}
