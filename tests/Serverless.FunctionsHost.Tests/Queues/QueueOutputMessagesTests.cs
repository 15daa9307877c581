using Google.Protobuf;
using Serverless.FunctionsHost.Queues;
using Serverless.FunctionsHost.Rpc.Messages;

namespace Serverless.FunctionsHost.Tests.Queues;

public sealed class QueueOutputMessagesTests
{
    public static TheoryData<string, string[]> Json => new()
    {
        { """["a","b"]""", ["a", "b"] },
        { """[{"x":1},2]""", ["""{"x":1}""", "2"] },
        { """{"x":[1]}""", ["""{"x":[1]}"""] },
        { "\"text\"", ["text"] },
        { "null", [] },
        { "[]", [] },
    };

    [Theory]
    [MemberData(nameof(Json))]
    public void From_Json_GivesOneMessagePerElement(string json, string[] expected) =>
        Assert.Equal(expected, QueueOutputMessages.From(new TypedData { Json = json }).Select(m => m.ToString()));

    [Fact]
    public void From_OtherKinds_GivesTheirContent()
    {
        Assert.Equal("[1]", Assert.Single(QueueOutputMessages.From(new TypedData { String = "[1]" })).ToString());
        Assert.Equal([1, 2], Assert.Single(QueueOutputMessages.From(new TypedData { Bytes = ByteString.CopyFrom(1, 2) })).ToArray());
        var list = new TypedData { CollectionString = new CollectionString { String = { "a", "b" } } };
        Assert.Equal(["a", "b"], QueueOutputMessages.From(list).Select(m => m.ToString()));
        Assert.Empty(QueueOutputMessages.From(null));
    }
}
