namespace Serverless.Inference.Onnx;

/// <summary>A graph cannot be served; the message completes "the model cannot be served: …".</summary>
public sealed class ModelRefusedException(string message, Exception? inner = null) : Exception(message, inner);
