namespace Serverless.Inference.Onnx.Preparation;

/// <summary>What is being done to a graph.</summary>
public enum PreparationStage
{
    /// <summary>It is read and checked.</summary>
    Check,

    /// <summary>It is optimised, and its weights are taken out.</summary>
    Optimize,

    /// <summary>Its answers are compared with those of the original, and of rows alone with those of rows together.</summary>
    Prove,
}
