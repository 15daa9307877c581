using Microsoft.ML.OnnxRuntime;
using Serverless.Contracts.Errors;

namespace Serverless.Inference.Onnx;

/// <summary>What a failed run means to the caller.</summary>
internal static class OnnxFailure
{
    private const int MaxMessage = 400;

    /// <summary>
    /// A run fails on valid signatures for what the data holds (an index outside a table, sizes that do not broadcast): the caller's to
    /// mend. Running out of memory is ours.
    /// </summary>
    public static InferenceException ToException(OnnxRuntimeException error)
    {
        var text = FirstLine(error.Message);
        return text.Contains("alloc", StringComparison.OrdinalIgnoreCase)
            ? new InferenceException(ErrorKind.Internal, "The worker ran out of memory while running the model.", inner: error)
            : new InferenceException(ErrorKind.InvalidRequest, $"The model cannot run on these inputs: {text}", inner: error);
    }

    public static string FirstLine(string message)
    {
        var end = message.AsSpan().IndexOfAny('\r', '\n');
        var line = (end < 0 ? message : message[..end]).Trim();
        return line.Length <= MaxMessage ? line : line[..MaxMessage] + "…";
    }
}
