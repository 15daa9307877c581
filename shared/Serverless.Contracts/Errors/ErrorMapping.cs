namespace Serverless.Contracts.Errors;

/// <summary>What one <see cref="ErrorKind"/> means on every wire.</summary>
/// <param name="Status">HTTP status code.</param>
/// <param name="Type">OpenAI's <c>error.type</c>.</param>
/// <param name="Code">OpenAI's <c>error.code</c>; stable, for programs.</param>
/// <param name="DeadLetterReason">Service Bus dead-letter reason.</param>
/// <param name="Retriable">Whether the same request may succeed later.</param>
public sealed record ErrorMapping(int Status, string Type, string Code, string DeadLetterReason, bool Retriable);
