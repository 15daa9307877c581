using System.Diagnostics;
using Serverless.FunctionsHost.Http;
using Serverless.FunctionsHost.Rpc.Messages;
using Serverless.FunctionsHost.Settings;
using Serverless.FunctionsHost.Telemetry;
using Serverless.FunctionsHost.Worker;

namespace Serverless.FunctionsHost.Functions;

/// <summary>Calls a function that is not triggered by HTTP and writes what it hands to its output bindings.</summary>
internal sealed class FunctionInvoker(WorkerGate gate, OutputBindings outputs, HostSettings settings, TimeProvider time)
{
    /// <summary>Returns when the function has ended well; fails with the function's error or the worker's loss.</summary>
    public async Task InvokeAsync(
        string function, TypedData trigger, Action<InvocationRequest> describe, CancellationToken cancellationToken)
    {
        var session = await gate.WaitAsync(cancellationToken);
        var definition = session.Function(function);
        using var activity = HostTelemetry.StartInvocation(function, settings.HostJson.OpenTelemetry);
        var request = new InvocationRequest
        {
            InvocationId = Guid.NewGuid().ToString(),
            FunctionId = definition.Id,
            TraceContext = HttpInvocation.Trace(settings.HostJson.OpenTelemetry ? activity : null),
        };
        request.InputData.Add(new ParameterBinding { Name = definition.Trigger!.Name, Data = trigger });
        describe(request);
        var started = time.GetTimestamp();
        var succeeded = false;
        try
        {
            var pending = await session.Channel.BeginAsync(request, cancellationToken);
            var response = await pending.Task;
            if (response.Result?.Status != StatusResult.Types.Status.Success) throw new InvocationFailedException(response.Result);

            // Not cancelled: what a finished function handed over belongs to its run.
            await outputs.WriteAsync(definition, response, CancellationToken.None);
            succeeded = true;
        }
        finally
        {
            if (!succeeded) activity?.SetStatus(ActivityStatusCode.Error);
            HostTelemetry.RecordInvocation(function, succeeded, time.GetElapsedTime(started));
        }
    }
}
