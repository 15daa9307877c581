using Serverless.Contracts.Errors;

namespace Serverless.Gateway.Http;

/// <summary>What is forwarded, and with which methods: strangers' paths end here, without waking a worker.</summary>
internal static class RouteTable
{
    private static readonly string[] Get = ["GET", "HEAD"];
    private static readonly string[] Post = ["POST"];

    private static readonly Route[] Routes =
    [
        new(["v2"], Get),
        new(["v2", "health", "live"], Get),
        new(["v2", "health", "ready"], Get),
        new(["v2", "models", null], Get),
        new(["v2", "models", null, "ready"], Get),
        new(["v2", "models", null, "infer"], Post),
        new(["v2", "models", null, "versions", null], Get),
        new(["v2", "models", null, "versions", null, "ready"], Get),
        new(["v2", "models", null, "versions", null, "infer"], Post),
        new(["v1", "models"], Get),
        new(["v1", "models", null], Get),
        new(["v1", "embeddings"], Post),
    ];

    /// <summary>Checks that <paramref name="path"/> takes <paramref name="method"/>.</summary>
    /// <exception cref="InferenceException">
    /// <see cref="ErrorKind.NotFound"/>, or <see cref="ErrorKind.MethodNotAllowed"/> with <paramref name="allowed"/> set.
    /// </exception>
    public static void Check(string method, string path, out string[] allowed)
    {
        var segments = path.Split('/', StringSplitOptions.None).AsSpan(1);
        if (segments is [.., ""])
            segments = segments[..^1];
        allowed = [];
        foreach (var route in Routes)
        {
            if (!route.Matches(segments))
                continue;
            allowed = route.Methods;
            return;
        }

        throw new InferenceException(ErrorKind.NotFound, $"There is nothing at this path for {method}: see the API's documentation for its paths.");
    }
}
