using Serverless.Simulation;

namespace Serverless.Scaling.Tests.Simulation;

public sealed class ArrivalTraceTests : IDisposable
{
    private readonly string _file = Path.Combine(Directory.CreateTempSubdirectory("trace-").FullName, "trace.csv");

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_file)!, recursive: true);

    [Fact]
    public void Read_Rows_AreArrivals() => Assert.Equal(
        [new Arrival(new(2023, 11, 16, 18, 17, 3, 979, TimeSpan.Zero), 4808, 10), new Arrival(new(2023, 11, 16, 18, 17, 4, TimeSpan.Zero), 0, 8)],
        Read("TIMESTAMP,ContextTokens,GeneratedTokens\r\n2023-11-16 18:17:03.9790000,4808,10\n2023-11-16T19:17:04+01:00,0,8"));

    [Fact]
    public void Read_OtherColumnsInAnotherOrder_FindsItsOwn() =>
        Assert.Equal(5, Read("Model,GeneratedTokens,TIMESTAMP,ContextTokens\na,7,2023-11-16 18:17:03,5\n").Single().ContextTokens);

    [Fact]
    public void Read_ColumnOfQueues_TellsMessagesFromRequests() => Assert.Equal(
        ["work", null, null],
        Read("TIMESTAMP,Queue,ContextTokens,GeneratedTokens\n2023-11-16 18:17:03,work,1,1\n2023-11-16 18:17:03,,1,1\n2023-11-16 18:17:04, ,1,1\n")
            .Select(arrival => arrival.Queue));

    [Theory]
    [InlineData("2023-11-16 18:17:03,1,1,play", "line 2: Queue is \"play\"; work, rest or nothing is allowed")]
    [InlineData("2023-11-16 18:17:03,1,1", "line 2: 3 columns; as many as in the first line")]
    public void Read_WrongQueue_NamesTheLineAndTheQueuesOfTheRules(string row, string said) => Assert.Contains(
        said,
        Assert.Throws<TraceException>(() => Read("TIMESTAMP,ContextTokens,GeneratedTokens,Queue\n" + row)).Message,
        StringComparison.Ordinal);

    [Theory]
    [InlineData("TIMESTAMP,ContextTokens\n", "line 1: the column GeneratedTokens is missing")]
    [InlineData("", "line 1: the column TIMESTAMP is missing")]
    [InlineData("2023-11-16 18:17:03,1", "line 3: 2 columns", true)]
    [InlineData("yesterday,1,1", "line 3: TIMESTAMP is \"yesterday\"; a time such as", true)]
    [InlineData("2023-11-16 18:17:04,-1,1", "line 3: ContextTokens is \"-1\"; a whole number", true)]
    [InlineData("2023-11-16 18:17:04,1,99999999999", "line 3: GeneratedTokens is \"99999999999\"; a whole number", true)]
    [InlineData("2023-11-16 18:17:02,1,1", "line 3: 2023-11-16T18:17:02.0000000+00:00 is before the row above", true)]
    public void Read_WrongRow_NamesFileAndLine(string text, string said, bool afterGoodRow = false)
    {
        var head = afterGoodRow ? "TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:17:03,1,1\n" : "";

        var fault = Assert.Throws<TraceException>(() => Read(head + text)).Message;

        Assert.StartsWith("trace.csv, ", fault, StringComparison.Ordinal);
        Assert.Contains(said, fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_FirstRowsOfAFile_DoesNotReadTheRest() => Assert.Equal(
        2, Read("TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:17:03,1,1\n2023-11-16 18:17:03,1,1\nwrong,1,1", take: 2).Count);

    private List<Arrival> Read(string text, int take = int.MaxValue)
    {
        File.WriteAllText(_file, text);
        return [.. ArrivalTrace.Read(_file, ["work", "rest"]).Take(take)];
    }
}
