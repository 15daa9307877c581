using Serverless.Cli.Models;

namespace Serverless.Cli.Tests.Models;

public sealed class FileSizeTests
{
    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(999, "999 B")]
    [InlineData(1_500, "1.5 kB")]
    [InlineData(90_900_000, "90.9 MB")]
    [InlineData(2_250_000_000, "2.25 GB")]
    public void Of_Bytes_IsForPeople(long bytes, string text) => Assert.Equal(text, FileSize.Of(bytes));
}
