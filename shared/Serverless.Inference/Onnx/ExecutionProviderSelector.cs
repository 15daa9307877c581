using Microsoft.ML.OnnxRuntime;

namespace Serverless.Inference.Onnx;

/// <summary>Tries the configured providers in order and keeps the first that works on this machine.</summary>
internal static class ExecutionProviderSelector
{
    /// <summary>The names that configuration may hold.</summary>
    public static IReadOnlyList<string> Names { get; } = ["cuda", "tensorrt", "cpu"];

    /// <exception cref="InvalidOperationException">None works, or a GPU is required and none does.</exception>
    public static ExecutionProviderChoice Choose(IReadOnlyList<string> wanted, bool requireGpu)
    {
        var failures = new List<string>();
        foreach (var name in wanted)
        {
            var provider = Parse(name);
            if (requireGpu && provider == ExecutionProvider.Cpu)
                continue;
            if (TryAppend(provider) is { } failure)
            {
                failures.Add($"{name}: {failure}");
                continue;
            }

            var why = failures.Count == 0
                ? "first in Worker:ExecutionProviders"
                : $"those before it do not work ({string.Join("; ", failures)})";
            return new ExecutionProviderChoice(provider, why);
        }

        var tried = failures.Count == 0 ? "none is in the list" : string.Join("; ", failures);
        throw new InvalidOperationException(requireGpu
            ? $"Worker:RequireGpu is set, but no GPU provider of Worker:ExecutionProviders works ({tried})."
            : $"No provider of Worker:ExecutionProviders works ({tried}).");
    }

    public static void Append(SessionOptions options, ExecutionProvider provider)
    {
        if (provider == ExecutionProvider.TensorRt)
            options.AppendExecutionProvider_Tensorrt(0);
        if (provider is ExecutionProvider.TensorRt or ExecutionProvider.Cuda)
            options.AppendExecutionProvider_CUDA(0);
    }

    private static ExecutionProvider Parse(string name) => name switch
    {
        "cuda" => ExecutionProvider.Cuda,
        "tensorrt" => ExecutionProvider.TensorRt,
        "cpu" => ExecutionProvider.Cpu,
        _ => throw new InvalidOperationException($"'{name}' is not an execution provider: {string.Join(", ", Names)}."),
    };

    // What the library lists as available is what it was compiled with; only appending tells whether this machine has it.
    private static string? TryAppend(ExecutionProvider provider)
    {
        OnnxRuntimeLibrary.EnsureStarted();
        try
        {
            using var options = new SessionOptions();
            Append(options, provider);
            return null;
        }
        catch (Exception error) when (error is OnnxRuntimeException or EntryPointNotFoundException or DllNotFoundException)
        {
            return OnnxFailure.FirstLine(error.Message);
        }
    }
}
