namespace Serverless.Contracts.Errors;

/// <summary>An expected failure, ready to be told to the caller.</summary>
/// <param name="Kind">What went wrong.</param>
/// <param name="Message">One sentence for a person: what was wrong and what is allowed. Never a secret, a stack or a payload.</param>
/// <param name="Param">The request field at fault, if one is.</param>
/// <param name="RetryAfter">When a retry makes sense; sent as <c>Retry-After</c> in whole seconds.</param>
public sealed record InferenceError(ErrorKind Kind, string Message, string? Param = null, TimeSpan? RetryAfter = null)
{
    /// <summary>HTTP status code of <see cref="Kind"/>.</summary>
    public int Status => ErrorTable.Of(Kind).Status;
}
