using System.Security.Cryptography;
using Serverless.Contracts.Errors;
using Serverless.Contracts.Queues;
using Serverless.Gateway.Async;
using Serverless.Gateway.Costs.Budgets;
using Serverless.Gateway.Jobs;
using Serverless.Gateway.Telemetry;
using Serverless.Gateway.Tenants;

namespace Serverless.Gateway.Queues;

/// <summary>
/// Holds messages to the limits of the tenant of their queue. One whose budget is spent is answered with that; one over a rate goes back into
/// the queue until its turn.
/// </summary>
internal sealed class QueueAdmission(
    LimitBook tenants, BudgetGate budgets, LaterUsage usage, OperationStore operations, JobQueues queues, GatewayMetrics metrics)
{
    // Of many messages that are over a rate all would come back at the same moment, for the one place that is free then.
    private const int SpreadSeconds = 60;

    /// <summary>Whether a message may be sent on; it is dealt with otherwise.</summary>
    /// <param name="queue">The queue that it came from.</param>
    /// <param name="text">The message as it was there.</param>
    /// <param name="request">Its id and what it says.</param>
    /// <param name="tenant">Whose queue it is.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<bool> AdmitAsync(
        string queue, string text, (string Id, InferenceMessage Message) request, string tenant, CancellationToken cancellationToken)
    {
        try
        {
            if ((await tenants.OfAsync(tenant)).Budget is { } budget)
                await budgets.CheckAsync(budget, headers: null);
        }
        catch (InferenceException spent)
        {
            var endpoint = request.Message.Endpoint ?? QueuedRequest.OpenInferenceEndpoint;
            await operations.TryAnswerAsync(request.Id, spent.Error, endpoint, cancellationToken);
            metrics.AddQueued("refused");
            return false;
        }

        if (await usage.TryChargeAsync(tenant, request.Id, request.Message) is not { } wait)
            return true;

        // A new message in place of this one: a failed delivery would count towards the poison queue. After a death in between there are two
        // of them, of which the second finds the answer.
        var spread = TimeSpan.FromSeconds(RandomNumberGenerator.GetInt32(SpreadSeconds));
        await queues.PutBackAsync(queue, text, TimeSpan.FromSeconds(Math.Ceiling(wait.TotalSeconds)) + spread, cancellationToken);
        metrics.AddQueued("delayed");
        return false;
    }
}
