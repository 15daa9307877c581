using Serverless.Inference.Generation;

namespace Serverless.Worker.Configuration;

/// <summary>How the worker serves decoders, section <c>Worker:Generation</c>.</summary>
internal sealed class GenerationSettings : GenerationOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Worker:Generation";
}
