namespace Serverless.Gateway.Http;

/// <summary>A path that the worker serves.</summary>
/// <param name="Segments">Its segments; null matches any one that is not empty.</param>
/// <param name="Methods">The HTTP methods it takes.</param>
/// <param name="ForOperators">Whether only an operator's key opens it.</param>
internal sealed record Route(string?[] Segments, string[] Methods, bool ForOperators = false)
{
    public bool Matches(ReadOnlySpan<string> path)
    {
        if (path.Length != Segments.Length)
            return false;
        for (var i = 0; i < path.Length; i++)
        {
            if (Segments[i] is { } literal ? literal != path[i] : path[i].Length == 0)
                return false;
        }

        return true;
    }
}
