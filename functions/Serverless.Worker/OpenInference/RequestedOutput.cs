namespace Serverless.Worker.OpenInference;

/// <summary>An output that a request asks for.</summary>
/// <param name="Name">Its name, not yet held against the model.</param>
/// <param name="Binary">Whether in binary; null where the request says so for all.</param>
internal readonly record struct RequestedOutput(string Name, bool? Binary);
