using Google.Protobuf;
using Onnx;

namespace Serverless.Inference.Onnx.Preparation;

/// <summary>An ONNX file as somebody hands it in.</summary>
internal sealed class OnnxFile
{
    private OnnxFile(string path, ModelProto model)
    {
        Path = path;
        Model = model;
    }

    public string Path { get; }

    public ModelProto Model { get; }

    public string Folder => System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(Path))!;

    /// <exception cref="ModelRefusedException">It is not an ONNX model, or names files that it must not.</exception>
    public static OnnxFile Read(string path)
    {
        var file = new OnnxFile(path, Parse(path));
        foreach (var tensor in GraphWalk.Tensors(file.Model).Where(ExternalData.Has))
            file.CheckExternal(tensor);
        return file;
    }

    public static ModelProto Parse(string path)
    {
        ModelProto model;
        try
        {
            using var stream = File.OpenRead(path);
            model = ModelProto.Parser.ParseFrom(stream);
        }
        catch (InvalidProtocolBufferException error)
        {
            throw new ModelRefusedException(
                $"{System.IO.Path.GetFileName(path)} is not an ONNX model: Protobuf parsing failed ({error.Message})", error);
        }

        return model.Graph is { Node.Count: > 0 }
            ? model
            : throw new ModelRefusedException($"{System.IO.Path.GetFileName(path)} is not an ONNX model: it has no graph");
    }

    // A model is a stranger's: it must not make the platform publish the key or the password file beside it.
    private void CheckExternal(TensorProto tensor)
    {
        var data = ExternalData.Of(tensor);
        var full = System.IO.Path.GetFullPath(data.Location, Folder);
        if (System.IO.Path.IsPathRooted(data.Location)
            || !full.StartsWith(Folder + System.IO.Path.DirectorySeparatorChar, StringComparison.Ordinal)
            || LeadsAway(full))
        {
            throw new ModelRefusedException(
                $"the external data of its tensor '{tensor.Name}' lies at '{data.Location}', outside the model's folder");
        }

        var info = new FileInfo(full);
        if (!info.Exists)
            throw new ModelRefusedException($"the file '{data.Location}' with the data of its tensor '{tensor.Name}' does not exist");
        if (data.Offset > info.Length || (data.Length ?? 0) > info.Length - data.Offset)
            throw new ModelRefusedException($"the external data of its tensor '{tensor.Name}' ends beyond the file '{data.Location}'");
    }

    private bool LeadsAway(string full)
    {
        for (var path = full; path != null && path.Length > Folder.Length; path = System.IO.Path.GetDirectoryName(path))
        {
            if (System.IO.Path.Exists(path)
                && File.ResolveLinkTarget(path, returnFinalTarget: true) is { } target
                && !target.FullName.StartsWith(Folder + System.IO.Path.DirectorySeparatorChar, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }
}
