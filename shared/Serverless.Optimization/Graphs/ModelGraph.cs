using Onnx;
using Serverless.Inference.Onnx;
using Serverless.Inference.Onnx.Preparation;
using Serverless.Optimization.Distillation;

namespace Serverless.Optimization.Graphs;

/// <summary>A model in memory, with all of its weights, for passes to change.</summary>
public sealed class ModelGraph
{
    private ModelGraph(ModelProto model) => Model = model;

    /// <summary>Rows of real inputs for passes that look at what comes in; where there are none, they make some up.</summary>
    public IReadOnlyList<SampleRow> Samples { get; set; } = [];

    /// <summary>What passes that train a student train it on; null for nothing.</summary>
    public Lessons? Lessons { get; set; }

    /// <summary>How the last student learnt; empty where none did.</summary>
    public IReadOnlyList<LossPoint> Losses { get; internal set; } = [];

    internal ModelProto Model { get; private set; }

    internal GraphProto Graph => Model.Graph;

    /// <summary>Reads a file with the external data beside it.</summary>
    /// <exception cref="ModelRefusedException">It is not an ONNX model, or its external data cannot be read.</exception>
    public static ModelGraph Read(string path)
    {
        var file = OnnxFile.Read(path);
        foreach (var tensor in GraphWalk.Tensors(file.Model).Where(ExternalData.Has))
            ExternalTensors.TakeIn(tensor, file.Folder);
        return new ModelGraph(file.Model);
    }

    /// <summary>Writes <c>model.onnx</c> into a folder, with large weights in <c>model.onnx.data</c> where they are many.</summary>
    /// <returns>The path of the graph.</returns>
    public string Write(string folder) => ModelFiles.Write(Model, folder);

    internal static ModelGraph Of(ModelProto model) => new(model.Clone());

    /// <summary>Takes over another's graph.</summary>
    internal void Become(ModelGraph other) => Model = other.Model;

    /// <summary>Version of the operators of a domain; 0 when the model does not name it.</summary>
    internal long VersionOf(string domain) =>
        Model.OpsetImport.FirstOrDefault(set => set.Domain == domain || (domain.Length == 0 && set.Domain == "ai.onnx"))?.Version ?? 0;

    /// <summary>Says that the model uses ONNX Runtime's own operators.</summary>
    internal void UseContributed()
    {
        if (VersionOf(Operators.Contributed) == 0)
            Model.OpsetImport.Add(new OperatorSetIdProto { Domain = Operators.Contributed, Version = 1 });
    }

    /// <summary>An initializer, or null.</summary>
    internal TensorProto? FindWeight(string name) => Graph.Initializer.FirstOrDefault(tensor => tensor.Name == name);

    internal void Add(TensorProto tensor) => Graph.Initializer.Add(tensor);

    /// <summary>A name that nothing in the graph has.</summary>
    internal string NewName(string wish)
    {
        var taken = GraphWalk.Nodes(Model).SelectMany(node => node.Output)
            .Concat(Graph.Initializer.Select(tensor => tensor.Name)).Concat(Graph.Input.Select(input => input.Name))
            .ToHashSet(StringComparer.Ordinal);
        return taken.Contains(wish) ? Enumerable.Range(1, int.MaxValue).Select(i => $"{wish}_{i}").First(name => !taken.Contains(name)) : wish;
    }

    /// <summary>Puts <paramref name="nodes"/> where <paramref name="place"/> is, and takes it out.</summary>
    internal void Replace(NodeProto place, params NodeProto[] nodes)
    {
        InsertBefore(place, nodes);
        Graph.Node.Remove(place);
    }

    internal void InsertBefore(NodeProto place, params NodeProto[] nodes)
    {
        var index = Graph.Node.IndexOf(place);
        foreach (var node in nodes)
            Graph.Node.Insert(index++, node);
    }

    /// <summary>Takes out nodes whose outputs nobody reads, and initializers that nothing uses.</summary>
    internal void Sweep() => GraphSweep.Run(Model);
}
