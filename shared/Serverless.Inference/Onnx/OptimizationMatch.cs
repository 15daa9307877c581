using Microsoft.ML.OnnxRuntime;
using Serverless.Models.Manifest;

namespace Serverless.Inference.Onnx;

/// <summary>Whether a graph was optimised for where it is about to run.</summary>
internal static class OptimizationMatch
{
    /// <summary>Version of the runtime in this process.</summary>
    public static string RuntimeVersion
    {
        get
        {
            // Asking starts the runtime, and whoever starts it first decides on its thread pools for good.
            OnnxRuntimeLibrary.EnsureStarted();
            return OrtEnv.Instance().GetVersionString();
        }
    }

    /// <summary>Whether the graph can run as it is. False: it is valid here, and the runtime must optimise it itself.</summary>
    /// <exception cref="ModelRefusedException">It was optimised for something else and would fail, or be wrong.</exception>
    public static bool IsComplete(OptimizationRecord? made, ExecutionProvider provider)
    {
        if (made is null)
            return false;
        var here = ExecutionProviderChoice.NameOf(provider);
        if (!made.Providers.Contains(here))
        {
            throw new ModelRefusedException(
                $"it was optimised for {string.Join(", ", made.Providers)}, and this worker runs {here}; push it again for that provider");
        }

        var sameRuntime = made.RuntimeVersion == RuntimeVersion;
        if (made.ProcessorFeatures.Length == 0)
            return sameRuntime;

        // The layout of its weights is that processor's, down to the size of a block: elsewhere the graph would read them wrongly.
        return sameRuntime && made.ProcessorFeatures == ProcessorFeatures.Current
            ? true
            : throw new ModelRefusedException(
                $"it was optimised for processors like {made.ProcessorFeatures} and runtime {made.RuntimeVersion}, and this worker has "
                + $"{ProcessorFeatures.Current} and {RuntimeVersion}; push it again without binding it to a processor");
    }
}
