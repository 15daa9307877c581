using Serverless.Contracts.Models;

namespace Serverless.Inference.Staging;

/// <summary>The stages that other workers serve. Without one registered, this process serves every stage itself.</summary>
public interface IStageWorkers
{
    /// <summary>
    /// The stage in <paramref name="package"/> as the workers called <paramref name="place"/> serve it; null when no address is known.
    /// </summary>
    IStage? Find(ModelReference package, string place);
}
