using System.Runtime.InteropServices;
using Google.Protobuf;
using Onnx;
using Serverless.Inference.Onnx;
using Serverless.Optimization.Graphs;
using Serverless.Optimization.Passes;
using Serverless.TestKit.Onnx;
using static Serverless.Optimization.Tests.GraphRun;

namespace Serverless.Optimization.Tests.Passes;

public sealed class DedupePassTests
{
    [Fact]
    public void Weights_ThatAreTheSame_AreStoredOnce()
    {
        var model = TwoLayers(sameWeights: true);
        var x = Floats("x", Random(3, 64), 2, 32);
        var before = Of(model, x)[0];

        PassStep.Parse("dedupe").Apply(model);

        Assert.Single(model.Graph.Initializer);
        Assert.Equal(before, Of(model, x)[0]);
    }

    [Fact]
    public void Weights_ThatDiffer_AreRefused() =>
        Assert.Throws<ModelRefusedException>(() => PassStep.Parse("dedupe").Apply(TwoLayers(sameWeights: false)));

    private static ModelGraph TwoLayers(bool sameWeights)
    {
        var model = ModelProto.Parser.ParseFrom(new OnnxGraph()
            .Input("x", TensorProto.Types.DataType.Float, "n", 32).Output("y", TensorProto.Types.DataType.Float, "n", 32)
            .Weights("a", [], 32, 32).Weights("b", [], 32, 32).Node("MatMul", "x a", "m").Node("MatMul", "m b", "y").ToBytes());
        model.Graph.Initializer[0].RawData = Bytes(1);
        model.Graph.Initializer[1].RawData = Bytes(sameWeights ? 1 : 2);
        return ModelGraph.Of(model);
    }

    private static ByteString Bytes(int seed) => ByteString.CopyFrom(MemoryMarshal.AsBytes<float>(Random(seed, 1024)));
}
