namespace Serverless.Inference.Onnx.Decoding;

/// <summary>Decides which rows run together.</summary>
internal static class RowGrouping
{
    /// <summary>
    /// The largest part of a group that may be padding. A run of its own reads all weights once more, which costs as much as thousands of
    /// padded positions; but padding is also memory.
    /// </summary>
    private const double MostPadding = 0.5;

    /// <summary>Rows in groups, the longest first.</summary>
    /// <param name="rows">All rows.</param>
    /// <param name="canPad">Whether rows of a group may have different lengths.</param>
    public static List<List<GroupedRow>> Of(IReadOnlyList<GroupedRow> rows, bool canPad)
    {
        var groups = new List<List<GroupedRow>>();
        var tokens = 0L;
        foreach (var row in rows.OrderByDescending(row => row.Length))
        {
            var group = groups.Count > 0 ? groups[^1] : null;
            if (group is null || !Takes(group, tokens, row, canPad))
            {
                groups.Add(group = []);
                tokens = 0;
            }

            group.Add(row);
            tokens += row.Length;
        }

        return groups;
    }

    private static bool Takes(List<GroupedRow> group, long tokens, GroupedRow row, bool canPad)
    {
        var longest = group[0].Length;
        return longest == row.Length || (canPad && tokens + row.Length >= longest * (group.Count + 1L) * (1 - MostPadding));
    }
}
