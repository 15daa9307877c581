using Serverless.FunctionsHost.Queues;
using Serverless.FunctionsHost.Rpc.Messages;

namespace Serverless.FunctionsHost.Functions;

/// <summary>Writes a function's return value and output data to its queue bindings; other kinds have no meaning here.</summary>
internal sealed class OutputBindings(QueueClients queues)
{
    private const string ReturnBinding = "$return";

    public async Task WriteAsync(FunctionDefinition function, InvocationResponse response, CancellationToken cancellationToken)
    {
        foreach (var binding in function.Outputs)
        {
            if (!binding.Is(BindingTypes.QueueOutput)) continue;
            var data = binding.Name == ReturnBinding
                ? response.ReturnValue
                : response.OutputData.FirstOrDefault(o => o.Name == binding.Name)?.Data;
            var messages = QueueOutputMessages.From(data);
            if (messages.Count == 0) continue;
            var queue = queues.For(binding);
            foreach (var message in messages) await queue.SendAsync(message, cancellationToken);
        }
    }
}
