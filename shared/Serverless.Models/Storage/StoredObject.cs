namespace Serverless.Models.Storage;

/// <summary>An object in storage.</summary>
internal sealed record StoredObject(string Name, long Size, DateTimeOffset LastModified, string ETag);
