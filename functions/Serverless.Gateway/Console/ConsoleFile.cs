namespace Serverless.Gateway.Console;

/// <summary>A file of the console's page.</summary>
/// <param name="Content">Its bytes.</param>
/// <param name="ContentType">Its media type.</param>
/// <param name="ETag">Changes with its bytes.</param>
internal sealed record ConsoleFile(byte[] Content, string ContentType, string ETag);
