using Serverless.Contracts.Errors;
using Serverless.Gateway.RateLimits;

namespace Serverless.Gateway.Http;

/// <summary>What is forwarded, and with which methods: strangers' paths end here, without waking a worker.</summary>
internal static class RouteTable
{
    private static readonly string[] Get = ["GET"];
    private static readonly string[] Post = ["POST"];
    private static readonly string[] GetOrPatch = ["GET", "PATCH"];

    /// <summary>Every route.</summary>
    public static IReadOnlyList<Route> Routes { get; } =
    [
        new(["v2"], Get),
        new(["v2", "health", "live"], Get),
        new(["v2", "health", "ready"], Get),
        new(["v2", "models", null], Get),
        new(["v2", "models", null, "ready"], Get),
        new(["v2", "models", null, "infer"], Post, Charged: RateUnit.Rows),
        new(["v2", "models", null, "generate"], Post, Charged: RateUnit.Tokens),
        new(["v2", "models", null, "generate_stream"], Post, Body: RouteBody.IsStreamed, Charged: RateUnit.Tokens),
        new(["v2", "models", null, "versions", null], Get),
        new(["v2", "models", null, "versions", null, "ready"], Get),
        new(["v2", "models", null, "versions", null, "infer"], Post, Charged: RateUnit.Rows),
        new(["v2", "models", null, "versions", null, "generate"], Post, Charged: RateUnit.Tokens),
        new(["v2", "models", null, "versions", null, "generate_stream"], Post, Body: RouteBody.IsStreamed, Charged: RateUnit.Tokens),
        new(["v2", "models", null, "stats"], Get),
        new(["v2", "models", null, "versions", null, "stats"], Get),
        new(["openapi.json"], Get),
        new(["scalar"], Get),
        new(["scalar", null], Get),
        new(["v2", "repository", "index"], Post, ForOperators: true),
        new(["v2", "repository", "models", null, "load"], Post, ForOperators: true),
        new(["v2", "repository", "models", null, "unload"], Post, ForOperators: true),
        new(["v2", "repository", "models", null, "settings"], GetOrPatch, ForOperators: true),
        new(["v2", "repository", "models", null, "shadow"], Get, ForOperators: true),
        new(["v1", "embeddings"], Post, Body: RouteBody.NamesModel, Charged: RateUnit.Tokens),
        new(["v1", "completions"], Post, Body: RouteBody.MayAskForStream, Charged: RateUnit.Tokens),
        new(["v1", "chat", "completions"], Post, Body: RouteBody.MayAskForStream, Charged: RateUnit.Tokens),
    ];

    /// <summary>The route that <paramref name="path"/> takes.</summary>
    /// <exception cref="InferenceException"><see cref="ErrorKind.NotFound"/>.</exception>
    public static Route Find(string path)
    {
        var segments = path.Split('/').AsSpan(1);
        if (segments is [.., ""])
            segments = segments[..^1];
        foreach (var route in Routes)
        {
            if (route.Matches(segments))
                return route;
        }

        throw new InferenceException(ErrorKind.NotFound, "There is nothing at this path; the API's documentation lists its paths.");
    }
}
