using Serverless.Inference.Onnx;
using Serverless.Models.Publishing;

namespace Serverless.Cli.Models;

/// <summary>Makes drafts of local files.</summary>
internal static class ModelDrafts
{
    /// <summary>A draft with the signature that ONNX Runtime reads out of <paramref name="graph"/>.</summary>
    public static ModelDraft FromFiles(string name, string graph, IEnumerable<string> others)
    {
        var signature = OnnxSignature.Read(graph);
        var files = others.Prepend(graph).ToDictionary(file => Path.GetFileName(file), StringComparer.Ordinal);
        return new ModelDraft(name, files) { Inputs = signature.Inputs, Outputs = signature.Outputs };
    }
}
