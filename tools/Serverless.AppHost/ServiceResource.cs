using Serverless.Topology.Processes;

namespace Serverless.AppHost;

/// <summary>Makes the topology's services resources of the app host.</summary>
internal static class ServiceResource
{
    /// <summary>A service on its own port (not a proxied one), healthy once its readiness URL answers, with telemetry to the dashboard.</summary>
    public static IResourceBuilder<ExecutableResource> AddService(this IDistributedApplicationBuilder builder, ServiceCommand command)
    {
        var resource = builder
            .AddExecutable(command.Name, command.Program, command.WorkingDirectory, [.. command.Arguments])
            .WithHttpEndpoint(port: command.Ready.Port, targetPort: command.Ready.Port, isProxied: false)
            .WithOtlpExporter();
        foreach (var (name, value) in command.Environment)
            resource.WithEnvironment(name, value);

        // Azurite answers 400 to a request without a signature, which shows that it is up.
        return command.AnyStatusIsReady
            ? resource.WithHttpHealthCheck(command.Ready.AbsolutePath, statusCode: 400)
            : resource.WithHttpHealthCheck(command.Ready.AbsolutePath);
    }
}
