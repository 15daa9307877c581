using Serverless.Gateway.Queues;

namespace Serverless.Gateway.Tests.Queues;

public sealed class QueueOptionsValidatorTests
{
    [Theory]
    [InlineData("acme")]
    [InlineData("a-1-b")]
    [InlineData("0123456789012345678901234567890123456")]
    public void Validate_NameThatAQueueMayEndWith_IsTaken(string tenant) => Assert.True(Validate(tenant));

    [Theory]
    [InlineData("")]
    [InlineData("Acme")]
    [InlineData("a--b")]
    [InlineData("-a")]
    [InlineData("a-")]
    [InlineData("a.b")]
    [InlineData("a\n")]
    [InlineData("poison")]
    [InlineData("01234567890123456789012345678901234567")]
    public void Validate_OtherName_IsRefused(string tenant) => Assert.False(Validate(tenant));

    [Fact]
    public void Validate_NameTwice_IsRefused() => Assert.False(Validate("acme", "acme"));

    private static bool Validate(params string[] tenants) =>
        new QueueOptionsValidator().Validate(null, new QueueOptions { Tenants = tenants }).Succeeded;
}
