using Serverless.Contracts.Errors;
using Serverless.Inference.Onnx;
using Serverless.Models.Integrity;

namespace Serverless.Inference.Lifecycle;

/// <summary>Tells callers why a version is not served, without telling them about our insides.</summary>
internal static class LoadFailure
{
    public static InferenceException ToException(string name, int version, Exception error)
    {
        var reason = error switch
        {
            ModelIntegrityException integrity => integrity.Message,
            ModelRefusedException refused => $"It cannot be served: {refused.Message}.",
            OperationCanceledException => "The worker is stopping.",
            OutOfMemoryException => "It does not fit into the worker's memory.",
            _ => "The model store cannot be read.",
        };
        return new InferenceException(ErrorKind.ModelUnavailable, $"Model {name}:{version} is not available. {reason}", "model", error);
    }
}
