using Microsoft.Net.Http.Headers;

namespace Serverless.Worker.Http;

/// <summary>Whether an answer is compressed, and how.</summary>
internal static class AnswerEncoding
{
    public const string Gzip = "gzip";
    public const string Deflate = "deflate";

    // What fits one packet does not arrive sooner for being smaller.
    private const int SmallestLength = 1400;

    // A header of a stranger: more would only cost.
    private const int MaxHeader = 1024;

    /// <summary>The encoding for an answer of <paramref name="length"/> bytes; null for none.</summary>
    public static string? Choose(HttpRequest request, long length)
    {
        if (length < SmallestLength)
            return null;
        var accepted = request.Headers.AcceptEncoding;
        if (accepted.Count == 0 || accepted.ToString().Length > MaxHeader || !StringWithQualityHeaderValue.TryParseList(accepted, out var list))
            return null;
        // Both cost the same; gzip is the one that nobody gets wrong.
        var gzip = QualityOf(list, Gzip);
        var deflate = QualityOf(list, Deflate);
        if (gzip <= 0 && deflate <= 0)
            return null;
        return gzip >= deflate ? Gzip : Deflate;
    }

    private static double QualityOf(IList<StringWithQualityHeaderValue> list, string encoding)
    {
        foreach (var value in list)
        {
            if (value.Value.Equals(encoding, StringComparison.OrdinalIgnoreCase))
                return value.Quality ?? 1;
        }

        return 0;
    }
}
