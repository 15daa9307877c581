namespace Serverless.Models.Integrity;

/// <summary>What lies in the store is not what was published: the message names the file, what was expected and what was found.</summary>
public sealed class ModelIntegrityException(string message, Exception? inner = null) : Exception(message, inner);
