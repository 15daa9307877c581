using Microsoft.Extensions.Logging;

namespace Serverless.Inference.Lifecycle;

internal sealed partial class VersionSlot
{
    [LoggerMessage(1, LogLevel.Information, "Model {Model}:{Version} is loaded")]
    private static partial void LogLoaded(ILogger logger, string model, int version);

    [LoggerMessage(2, LogLevel.Information, "Model {Model}:{Version} is unloaded: {Reason}")]
    private static partial void LogUnloaded(ILogger logger, string model, int version, string reason);

    [LoggerMessage(4, LogLevel.Information, "Stage {Stage} of model {Model}:{Version} is served by {Where}")]
    private static partial void LogStage(ILogger logger, string model, int version, int stage, string where);

    [LoggerMessage(3, LogLevel.Error, "Model {Model}:{Version} could not be loaded: {Reason}")]
    private static partial void LogFailed(ILogger logger, string model, int version, string reason, Exception error);
}
