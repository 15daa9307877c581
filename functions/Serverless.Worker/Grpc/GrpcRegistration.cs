using Serverless.Worker.Configuration;

namespace Serverless.Worker.Grpc;

/// <summary>Adds the protocol over gRPC.</summary>
internal static class GrpcRegistration
{
    public static IServiceCollection AddInferenceGrpc(this IServiceCollection services)
    {
        services.AddSingleton<GrpcRoutes>();
        services.AddGrpc(grpc =>
        {
            grpc.Interceptors.Add<ErrorInterceptor>();
            // Their route is /{service}/{method}, which would make a wrong method on any path of two segments a 404 instead of a 405.
            grpc.IgnoreUnknownServices = true;
        });
        services.AddOptions<global::Grpc.AspNetCore.Server.GrpcServiceOptions>()
            .Configure<Microsoft.Extensions.Options.IOptions<WorkerOptions>>((grpc, worker) =>
            {
                grpc.MaxReceiveMessageSize = (int)worker.Value.MaxBodyBytes;
                grpc.MaxSendMessageSize = null;
            });
        return services;
    }

    public static void MapInferenceGrpc(this IEndpointRouteBuilder app) =>
        app.DataSources.Add(app.ServiceProvider.GetRequiredService<GrpcRoutes>());
}
