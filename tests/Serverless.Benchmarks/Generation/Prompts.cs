namespace Serverless.Benchmarks.Generation;

/// <summary>Random prompts: no two begin alike.</summary>
internal static class Prompts
{
    // Every byte is a token; higher ids are words that no text is turned into.
    private const int Letters = 250;

    public static int[] Of(int length, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, length).Select(_ => random.Next(Letters))];
    }

    public static IReadOnlyList<int[]> Many(int count, int length, int seed) =>
        [.. Enumerable.Range(0, count).Select(index => Of(length, (seed * 1000) + index))];
}
