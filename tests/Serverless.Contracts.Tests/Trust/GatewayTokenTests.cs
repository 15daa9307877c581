using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Serverless.Contracts.Trust;

namespace Serverless.Contracts.Tests.Trust;

public sealed class GatewayTokenTests
{
    // Signed by another implementation.
    private const string Token =
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9"
        + ".eyJhdWQiOiJzZXJ2ZXJsZXNzLXdvcmtlciIsImlhdCI6MTAwMCwiZXhwIjoxMzAwLCJzdWIiOiJ0ZWFtJTIwYSJ9"
        + ".SMyS0HXJzdoQNF0RLGuLV4XpfYmqc2-sHC438nSKqxY";

    private static readonly byte[] Key = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
    private static readonly byte[] OtherKey = new byte[32];
    private static readonly GatewayClaims Claims = new(GatewayClaims.Worker, 1000, 1300, "team%20a");

    [Fact]
    public void Write_Claims_IsAJsonWebToken() => Assert.Equal(Token, GatewayToken.Write(Claims, Key));

    [Fact]
    public void Read_TokenOfAnyKeptKey_GivesItsClaims()
    {
        Assert.Equal(Claims, GatewayToken.Read(Token, [Key]));
        Assert.Equal(Claims, GatewayToken.Read(Token, [OtherKey, Key]));
        Assert.Null(GatewayToken.Read(Token, [OtherKey]));
        Assert.Null(GatewayToken.Read(Token, []));
    }

    [Fact]
    public void Read_TokenWithAnyCharacterChanged_IsNull()
    {
        for (var i = 0; i < Token.Length; i++)
        {
            var other = Token[i] == 'A' ? 'B' : 'A';
            Assert.Null(GatewayToken.Read(Token[..i] + other + Token[(i + 1)..], [Key]));
        }
    }

    [Fact]
    public void Read_TokenCutAnywhere_IsNull()
    {
        for (var length = 0; length < Token.Length; length++)
            Assert.Null(GatewayToken.Read(Token[..length], [Key]));
        Assert.Null(GatewayToken.Read(Token + "A", [Key]));
        Assert.Null(GatewayToken.Read(" " + Token, [Key]));
    }

    [Theory]
    [InlineData("""{"alg":"none","typ":"JWT"}""")]
    [InlineData("""{"alg":"HS512","typ":"JWT"}""")]
    [InlineData("""{"alg":"HS256","typ":"JWT","kid":"1"}""")]
    public void Read_OtherHeaderEvenIfSigned_IsNull(string header)
    {
        var signed = $"{Base64Url.EncodeToString(Encoding.ASCII.GetBytes(header))}.{Token.Split('.')[1]}";
        var signature = Base64Url.EncodeToString(HMACSHA256.HashData(Key, Encoding.ASCII.GetBytes(signed)));

        Assert.Null(GatewayToken.Read($"{signed}.{signature}", [Key]));
        Assert.Null(GatewayToken.Read($"{signed}.", [Key]));
    }

    [Theory]
    [InlineData(969, false)]
    [InlineData(970, true)]
    [InlineData(1000, true)]
    [InlineData(1329, true)]
    [InlineData(1330, false)]
    public void HoldsAt_Time_IsFromItsIssueToItsExpiryWithinTheSkewOfClocks(long seconds, bool expected) =>
        Assert.Equal(expected, Claims.HoldsAt(DateTimeOffset.FromUnixTimeSeconds(seconds)));

    [Fact]
    public void HoldsAt_OtherAudience_IsFalse() =>
        Assert.False((Claims with { Audience = "serverless-gateway" }).HoldsAt(DateTimeOffset.FromUnixTimeSeconds(1100)));

    [Theory]
    [InlineData("")]
    [InlineData("not base64!")]
    [InlineData("c2hvcnQ=")]
    public void Parse_WhatIsNoKey_IsNull(string text) => Assert.Null(GatewayKey.Parse(text));

    [Fact]
    public void Create_Key_ParsesAndIsNeverTheSame()
    {
        var key = GatewayKey.Create();

        Assert.Equal(32, GatewayKey.Parse(key)!.Length);
        Assert.NotEqual(key, GatewayKey.Create());
    }
}
