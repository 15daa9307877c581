namespace Serverless.Models.Storage;

/// <summary>The content of an object, and a tag that changes whenever it does.</summary>
internal sealed record TaggedContent(ReadOnlyMemory<byte> Content, string ETag);
