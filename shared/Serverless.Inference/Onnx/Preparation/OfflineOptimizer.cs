using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using Onnx;
using Serverless.Models.Manifest;

namespace Serverless.Inference.Onnx.Preparation;

/// <summary>Lets ONNX Runtime optimise a graph and write down what it would run.</summary>
internal sealed class OfflineOptimizer(string folder, PreparationOptions options)
{
    // Below this an initializer stays in the graph: shapes and axes are read while the session is created, and are tiny.
    private const int MinExternalBytes = 1024;

    private const string Optimized = "optimized.onnx";
    private const string OptimizedWeights = "optimized.bin";

    // Where nodes live whose weights have been laid out for one processor.
    private static readonly string[] ProcessorDomains = ["com.microsoft.nchwc", "com.ms.internal.nhwc"];

    /// <summary>Optimises the model, whose external data lies beside <paramref name="source"/>.</summary>
    /// <param name="source">The file as handed in.</param>
    /// <param name="changed">The model to take instead of what the file holds.</param>
    public (OnnxFile Model, OptimizationRecord? Record) Run(OnnxFile source, ModelProto? changed)
    {
        // Restored now, weights that are stored as int8 or halves would be stored as floats after all.
        var asStored = changed ?? source.Model;
        if (options.Provider is null || WeightOnlyQuantization.Is(asStored) || HalfWeights.Are(asStored))
            return (Save(source, changed, GraphOptimizationLevel.ORT_ENABLE_BASIC), null);
        var model = Save(source, changed, GraphOptimizationLevel.ORT_ENABLE_ALL);
        if (!IsBoundToProcessor(model.Model))
            return (model, Record(features: ""));
        return options.BindToProcessor
            ? (model, Record(ProcessorFeatures.Current))
            : (Save(source, changed, GraphOptimizationLevel.ORT_ENABLE_BASIC), null);
    }

    /// <summary>Deletes what it has written: it is as large as the model.</summary>
    public void DeleteFiles()
    {
        File.Delete(Path.Combine(folder, Optimized));
        File.Delete(Path.Combine(folder, OptimizedWeights));
    }

    private static bool IsBoundToProcessor(ModelProto model) => GraphWalk.Nodes(model).Any(node =>
        ProcessorDomains.Contains(node.Domain)
        || node.Attribute.Any(attribute => attribute is { Name: "channels_last", I: 1 }));

    private OptimizationRecord Record(string features) => new([options.Provider!], OptimizationMatch.RuntimeVersion, features);

    private OnnxFile Save(OnnxFile source, ModelProto? changed, GraphOptimizationLevel level)
    {
        var path = Path.Combine(folder, Optimized);
        DeleteFiles();
        using var session = OnnxSession.Options(ExecutionProvider.Cpu, level);
        session.OptimizedModelFilePath = path;
        session.AddSessionConfigEntry("session.optimized_model_external_initializers_file_name", OptimizedWeights);
        session.AddSessionConfigEntry("session.optimized_model_external_initializers_min_size_in_bytes", $"{MinExternalBytes}");
        session.AddSessionConfigEntry("session.model_external_initializers_file_folder_path", source.Folder);
        try
        {
            using var _ = changed is null
                ? new InferenceSession(source.Path, session)
                : new InferenceSession(changed.ToByteArray(), session);
        }
        catch (Exception error)
        {
            throw OnnxSession.ToRefusal(error);
        }

        return OnnxFile.Read(path);
    }
}
