using Serverless.Contracts.Trust;

namespace Serverless.Worker.Tests.Authentication;

/// <summary>Tokens of a gateway, good ones and others.</summary>
internal static class Tokens
{
    public static string Key { get; } = GatewayKey.Create();

    public static string Good(string? tenant = "team") => Write(GatewayClaims.Worker, Now, Now + 60, tenant);

    public static string WrongAudience => Write("serverless-gateway", Now, Now + 60);

    public static string Expired => Write(GatewayClaims.Worker, Now - 400, Now - 100);

    public static string FromTheFuture => Write(GatewayClaims.Worker, Now + 600, Now + 900);

    public static string Forged => GatewayToken.Write(new GatewayClaims(GatewayClaims.Worker, Now, Now + 60, "team"), new byte[32]);

    private static long Now => TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();

    private static string Write(string audience, long issued, long expires, string? tenant = "team") =>
        GatewayToken.Write(new GatewayClaims(audience, issued, expires, tenant), GatewayKey.Parse(Key)!);
}
