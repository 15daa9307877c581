using Serverless.Inference.Generation.Memory;
using Serverless.Inference.Onnx.Decoding;

namespace Serverless.Inference.Tests.Onnx.Decoding;

public sealed class RowGroupingTests
{
    [Theory]
    [InlineData("5 5 5", "5 5 5")]
    [InlineData("100 90 60", "100 90 60")]
    [InlineData("100 10", "100 10")]
    [InlineData("100 100 100 10 9", "100 100 100 10 9")]
    [InlineData("10 1000 9 990", "1000 990 10 9")]
    [InlineData("1000 10 9 8", "1000 10|9 8")]
    public void Of_RowsOfManyLengths_PadsNoMoreThanHalfOfAGroup(string lengths, string groups) =>
        AssertGroups(lengths, groups, canPad: true);

    [Theory]
    [InlineData("5 6 5", "6|5 5")]
    public void Of_RowsThatMustNotBePadded_GroupsEqualLengths(string lengths, string groups) => AssertGroups(lengths, groups, canPad: false);

    private static void AssertGroups(string lengths, string expected, bool canPad)
    {
        using var group = new RowGroup(new KvShape(1, 1, 1, 4), 8, 1, 0);
        var rows = lengths.Split(' ').Select(length => new GroupedRow(group) { Length = int.Parse(length, System.Globalization.CultureInfo.InvariantCulture) }).ToList();

        var groups = RowGrouping.Of(rows, canPad);

        Assert.Equal(expected, string.Join('|', groups.Select(members => string.Join(' ', members.Select(row => row.Length)))));
    }
}
