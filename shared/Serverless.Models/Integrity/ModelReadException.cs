namespace Serverless.Models.Integrity;

/// <summary>A part of a model cannot be read from its store now, however often it is tried; the message names it.</summary>
public sealed class ModelReadException(string message, Exception? inner = null) : IOException(message, inner);
