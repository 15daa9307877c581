namespace Serverless.Gateway.Authentication;

/// <summary>Who sent a request.</summary>
/// <param name="Name">Name of the key.</param>
/// <param name="IsOperator">Whether operator endpoints are open to it.</param>
/// <param name="Weight">Its share when batches of several callers compete.</param>
internal sealed record Caller(string Name, bool IsOperator, int Weight = 1);
