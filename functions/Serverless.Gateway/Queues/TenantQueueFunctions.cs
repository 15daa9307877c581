using System.Collections.Immutable;
using Microsoft.Azure.Functions.Worker.Core.FunctionMetadata;
using Microsoft.Extensions.Options;
using Serverless.Contracts.Queues;

namespace Serverless.Gateway.Queues;

/// <summary>
/// Tells the host of one more queue-triggered function for each tenant with a queue: the same code as for the shared queue, under the
/// queue's name. An attribute could name a fixed number of queues only, and nothing of ours could poll while the app is scaled to zero.
/// </summary>
internal sealed class TenantQueueFunctions(IFunctionMetadataProvider declared, IOptions<QueueOptions> options) : IFunctionMetadataProvider
{
    public async Task<ImmutableArray<IFunctionMetadata>> GetFunctionMetadataAsync(string directory)
    {
        var functions = await declared.GetFunctionMetadataAsync(directory);
        var shared = functions.Single(function => function.Name == QueueNames.InferenceRequests);
        return functions.AddRange((options.Value.Tenants ?? []).Select(tenant => Of(QueueNames.TenantRequestsPrefix + tenant, shared)));
    }

    private static DefaultFunctionMetadata Of(string queue, IFunctionMetadata shared) => new()
    {
        Name = queue,
        Language = shared.Language,
        ScriptFile = shared.ScriptFile,
        EntryPoint = shared.EntryPoint,
        RawBindings =
        [
            .. shared.RawBindings!.Select(binding => binding.Replace(
                $"\"{QueueNames.InferenceRequests}\"", $"\"{queue}\"", StringComparison.Ordinal)),
        ],
    };
}
