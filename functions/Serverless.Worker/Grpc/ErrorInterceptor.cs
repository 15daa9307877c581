using Grpc.Core;
using Grpc.Core.Interceptors;
using Serverless.Contracts.Errors;

namespace Serverless.Worker.Grpc;

/// <summary>Answers every failure of a call with the status that the error table gives it.</summary>
internal sealed partial class ErrorInterceptor(ILogger<ErrorInterceptor> logger) : Interceptor
{
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            return await continuation(request, context);
        }
        catch (Exception error) when (error is not RpcException)
        {
            throw Explain(context, error);
        }
    }

    public override async Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            await continuation(requestStream, responseStream, context);
        }
        catch (Exception error) when (error is not RpcException)
        {
            throw Explain(context, error);
        }
    }

    private RpcException Explain(ServerCallContext context, Exception exception)
    {
        switch (exception)
        {
            case InferenceException expected:
                if (expected.Error.Status >= 500)
                    LogFailure(logger, context.Method, expected.Error.Kind, expected.Message);
                return GrpcErrors.ToException(expected.Error);
            case OperationCanceledException or IOException when context.CancellationToken.IsCancellationRequested:
                return GrpcErrors.ToException(new InferenceError(ErrorKind.Cancelled, "The client left."));
            default:
                LogDefect(logger, context.Method, exception);
                return GrpcErrors.ToException(
                    new InferenceError(ErrorKind.Internal, "An unexpected error occurred; the worker's log has it."));
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "{Method} failed with {Kind}: {Reason}")]
    private static partial void LogFailure(ILogger logger, string method, ErrorKind kind, string reason);

    [LoggerMessage(2, LogLevel.Error, "{Method} failed unexpectedly")]
    private static partial void LogDefect(ILogger logger, string method, Exception exception);
}
