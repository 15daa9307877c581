using Serverless.Contracts.Errors;

namespace Serverless.Contracts.Tests.Errors;

public sealed class ErrorTableTests
{
    [Fact]
    public void Of_EveryKind_HasAMappingOfItsOwn()
    {
        var mappings = Enum.GetValues<ErrorKind>().Select(ErrorTable.Of).ToList();

        Assert.All(mappings, mapping => Assert.InRange(mapping.Status, 400, 599));
        Assert.Distinct(mappings.Select(mapping => mapping.Code));
        Assert.Distinct(mappings.Select(mapping => mapping.DeadLetterReason));
    }

    [Theory]
    [InlineData(ErrorKind.ModelUnavailable, 503)]
    [InlineData(ErrorKind.Overloaded, 429)]
    [InlineData(ErrorKind.WorkerUnreachable, 502)]
    [InlineData(ErrorKind.DeadlineExceeded, 504)]
    public void Of_RetriableKind_HasARetriableStatus(ErrorKind kind, int status)
    {
        Assert.True(ErrorTable.Of(kind).Retriable);
        Assert.Equal(status, ErrorTable.Of(kind).Status);
    }
}
