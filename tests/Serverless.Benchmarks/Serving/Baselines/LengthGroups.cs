namespace Serverless.Benchmarks.Serving.Baselines;

/// <summary>The best that is known in process: all sentences sorted by length, then cut where the padded tokens reach a budget.</summary>
internal static class LengthGroups
{
    public static IReadOnlyList<IReadOnlyList<Row>> Of(IReadOnlyList<Row> rows, int paddedTokens)
    {
        var groups = new List<List<Row>>();
        // Longest first: with two loops the last runs are the short ones.
        foreach (var row in rows.OrderByDescending(row => row.Length))
        {
            if (groups.Count == 0 || (groups[^1].Count + 1) * groups[^1][0].Length > paddedTokens)
                groups.Add([]);
            groups[^1].Add(row);
        }

        return groups;
    }
}
