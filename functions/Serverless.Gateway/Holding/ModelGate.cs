using Serverless.Contracts.Errors;
using Serverless.Contracts.Models;
using Serverless.Gateway.Batches.Validation;

namespace Serverless.Gateway.Holding;

/// <summary>Turns requests for models that do not exist away before a replica is woken for them.</summary>
internal sealed class ModelGate(IModelCheck models, TimeProvider time)
{
    // A store that does not answer is the worker's to tell of: it may have the model in its cache.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    /// <exception cref="InferenceException"><see cref="ErrorKind.ModelNotFound"/>.</exception>
    public async Task CheckAsync(ModelReference model, CancellationToken cancellationToken)
    {
        if (!await ExistsAsync(model, cancellationToken))
            throw new InferenceException(ErrorKind.ModelNotFound, $"Model '{model}' does not exist.", "model");
    }

    private async Task<bool> ExistsAsync(ModelReference model, CancellationToken cancellationToken)
    {
        try
        {
            return await models.ExistsAsync(model, cancellationToken).WaitAsync(Limit, time, cancellationToken);
        }
        catch (Exception exception) when (exception is TimeoutException or InferenceException { Error.Kind: ErrorKind.ModelUnavailable })
        {
            return true;
        }
    }
}
