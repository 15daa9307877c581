using Serverless.Contracts.Models;

namespace Serverless.Gateway.Batches.Validation;

/// <summary>Whether a model can be named by a batch.</summary>
internal interface IModelCheck
{
    Task<bool> ExistsAsync(ModelReference model, CancellationToken cancellationToken);
}
