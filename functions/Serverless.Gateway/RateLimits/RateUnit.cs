namespace Serverless.Gateway.RateLimits;

/// <summary>What is counted against a limit per minute.</summary>
internal enum RateUnit
{
    /// <summary>Requests, whatever they ask for.</summary>
    Requests,

    /// <summary>Tokens that are read and written, where a request is for text.</summary>
    Tokens,

    /// <summary>Rows of an inference with tensors.</summary>
    Rows,
}
