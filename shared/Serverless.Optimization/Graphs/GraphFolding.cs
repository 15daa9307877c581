using Serverless.Inference.Onnx;
using Serverless.Inference.Onnx.Preparation;

namespace Serverless.Optimization.Graphs;

/// <summary>Lets ONNX Runtime work out constants and join operators, in plain ONNX only.</summary>
internal static class GraphFolding
{
    /// <exception cref="ModelRefusedException">The runtime does not take the model.</exception>
    public static void Run(ModelGraph model)
    {
        var folder = Directory.CreateTempSubdirectory("serverless-fold-");
        try
        {
            var source = OnnxFile.Read(model.Write(folder.CreateSubdirectory("source").FullName));
            var (folded, _) = new OfflineOptimizer(folder.FullName, new PreparationOptions { Provider = null }).Run(source, changed: null);
            model.Become(ModelGraph.Read(folded.Path));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
