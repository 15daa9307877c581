using Microsoft.Extensions.Logging;

namespace Serverless.Inference.Onnx;

internal static partial class ProviderLog
{
    [LoggerMessage(20, LogLevel.Information, "Models run on {Provider}: {Reason}")]
    public static partial void Chosen(ILogger logger, string provider, string reason);
}
