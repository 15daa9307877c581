using Serverless.Contracts.Http;

namespace Serverless.Contracts.Tests.Http;

public sealed class ShownTextTests
{
    [Theory]
    [InlineData(null, "")]
    [InlineData("/v2/models/m/infer", "/v2/models/m/infer")]
    [InlineData("/v2/m\r\nerror: all is lost", "/v2/m??error: all is lost")]
    [InlineData("\u001b[31m\u0085", "?[31m?")]
    [InlineData("a\u2028b\u2029c\u202ed", "a?b?c?d")]
    public void Of_TextOfAStranger_IsOneLine(string? text, string expected) => Assert.Equal(expected, ShownText.Of(text));

    [Fact]
    public void Of_LongText_IsCut() => Assert.Equal(100, ShownText.Of(new string('a', 5000)).Length);
}
