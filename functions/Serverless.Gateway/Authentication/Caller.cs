namespace Serverless.Gateway.Authentication;

/// <summary>Who sent a request.</summary>
/// <param name="Name">Name of the key.</param>
/// <param name="IsOperator">Whether operator endpoints are open to it.</param>
internal sealed record Caller(string Name, bool IsOperator);
