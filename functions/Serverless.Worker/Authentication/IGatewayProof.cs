using Serverless.Contracts.Trust;

namespace Serverless.Worker.Authentication;

/// <summary>By what the worker knows its gateway.</summary>
internal interface IGatewayProof
{
    /// <summary>What the gateway says of a request; null when it is not the gateway's.</summary>
    ValueTask<GatewayClaims?> FindAsync(HttpContext context);
}
