using Serverless.Contracts.Errors;
using Serverless.Contracts.Models;
using Serverless.Gateway.RateLimits;

namespace Serverless.Gateway.Http;

/// <summary>A path that the worker serves.</summary>
/// <param name="Segments">Its segments; null matches any one that is not empty.</param>
/// <param name="Methods">The HTTP methods it takes.</param>
/// <param name="ForOperators">Whether only an operator's key opens it.</param>
/// <param name="Body">What its body says.</param>
/// <param name="Charged">What its requests are charged; null for nothing.</param>
internal sealed record Route(
    string?[] Segments, string[] Methods, bool ForOperators = false, RouteBody Body = RouteBody.Opaque, RateUnit? Charged = null)
{
    private readonly int _model = IndexAfter(Segments, "models");
    private readonly int _version = IndexAfter(Segments, "versions");

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

    /// <summary>The model that <paramref name="path"/>, which matches, names; null when it names none.</summary>
    /// <exception cref="InferenceException"><see cref="ErrorKind.ModelNotFound"/>: no model can have that name.</exception>
    public ModelReference? ModelIn(string path)
    {
        if (_model < 0)
            return null;
        var segments = path.Split('/').AsSpan(1);
        return _version < 0 ? ModelReference.Parse(segments[_model]) : ModelReference.Parse(segments[_model], segments[_version]);
    }

    private static int IndexAfter(string?[] segments, string literal)
    {
        var at = Array.IndexOf(segments, literal) + 1;
        return at > 0 && at < segments.Length && segments[at] is null ? at : -1;
    }
}
