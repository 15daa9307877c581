using Microsoft.ML.OnnxRuntime;
using Serverless.Models.Loading;
using Serverless.Models.Manifest;

namespace Serverless.Inference.Onnx;

/// <summary>Builds sessions over weights that are in memory already.</summary>
internal static class PackageSession
{
    private const string FolderEntry = "session.model_external_initializers_file_folder_path";

    /// <summary>A session over <paramref name="package"/>, whose memory it owns from now on, whatever comes of the call.</summary>
    /// <param name="package">The graph and its weights.</param>
    /// <param name="provider">What runs it.</param>
    /// <param name="ownThreads">Threads of its own instead of the process's; 0 for none.</param>
    /// <exception cref="ModelRefusedException">The graph cannot be served here; the message says why.</exception>
    public static OnnxSession Open(PackageGraph package, ExecutionProvider provider, int ownThreads = 0)
    {
        OnnxRuntimeLibrary.EnsureStarted();
        try
        {
            var complete = OptimizationMatch.IsComplete(package.Optimization, provider);
            return provider == ExecutionProvider.Cpu && complete ? InPlace(package, ownThreads) : Copied(package, provider, complete, ownThreads);
        }
        catch (Exception error)
        {
            package.Memory.Dispose();
            throw OnnxSession.ToRefusal(error);
        }
    }

    // Nothing is read or copied: kernels run over the package's memory, which therefore lives as long as the session. This only works with
    // optimisations off, since an optimiser reads initializers from the file.
    private static OnnxSession InPlace(PackageGraph package, int ownThreads)
    {
        var values = new List<OrtValue>(package.Weights.Count);
        try
        {
            using var folder = new WeightsFolder();
            using var options = OnnxSession.Options(ExecutionProvider.Cpu, GraphOptimizationLevel.ORT_DISABLE_ALL, ownThreads);
            options.AddSessionConfigEntry(FolderEntry, folder.Path);
            foreach (var tensor in package.Weights)
            {
                values.Add(ToValue(tensor, package.Memory.AddressOf(tensor)));
                options.AddInitializer(tensor.Name, values[^1]);
            }

            return OnnxSession.Adopt(new InferenceSession(package.Graph.ToArray(), options), [.. values, package.Memory]);
        }
        catch
        {
            values.ForEach(value => value.Dispose());
            throw;
        }
    }

    // The runtime moves the weights (to a device, or into another layout): afterwards nobody needs those that it read.
    private static OnnxSession Copied(PackageGraph package, ExecutionProvider provider, bool complete, int ownThreads)
    {
        using var options = OnnxSession.Options(
            provider, complete ? GraphOptimizationLevel.ORT_DISABLE_ALL : GraphOptimizationLevel.ORT_ENABLE_ALL, ownThreads);
        if (!complete && WeightOnlyQuantization.Is(package.Graph.Span))
            WeightOnlyQuantization.RestoreOnce(options);
        if (package.Memory.Path is { } path)
            options.AddSessionConfigEntry(FolderEntry, Path.GetDirectoryName(path)!);
        else if (package.Weights is [.., var last])
            InMemoryFile.Add(options, LoadedPackage.WeightsFileName, StartOf(package), last.Offset + last.Length);
        var session = OnnxSession.Adopt(new InferenceSession(package.Graph.ToArray(), options));
        package.Memory.Dispose();
        return session;
    }

    private static nint StartOf(PackageGraph package)
    {
        var first = package.Weights[0];
        var start = package.Memory.AddressOf(first) - (nint)first.Offset;
        return package.Weights.All(tensor => package.Memory.AddressOf(tensor) - (nint)tensor.Offset == start)
            ? start
            : throw new InvalidOperationException("The weights do not lie in one piece.");
    }

    private static OrtValue ToValue(WeightTensor tensor, nint address) => OrtValue.CreateTensorValueWithData(
        OrtMemoryInfo.DefaultInstance, OnnxTypes.ParseElementType(tensor.ElementType), [.. tensor.Shape], address, tensor.Length);
}
