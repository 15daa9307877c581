using Serverless.Conformance.Data;

namespace Serverless.Conformance.Clients;

/// <summary>What the worker answered.</summary>
/// <param name="Status">HTTP's status, or gRPC's in HTTP's terms.</param>
/// <param name="Outputs">The outputs, if it is 200.</param>
/// <param name="Error">The error's message otherwise.</param>
internal sealed record CallResult(int Status, IReadOnlyList<CaseTensor> Outputs, string? Error);
