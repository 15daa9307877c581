using System.Text;
using Serverless.Inference.Onnx;
using Serverless.Inference.Tensors;
using Serverless.TestKit;
using Serverless.TestKit.Onnx;
using static Onnx.TensorProto.Types;

namespace Serverless.Inference.Tests.Onnx;

public sealed class OnnxSessionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<DataType, TensorDatatype> Datatypes() => new()
    {
        { DataType.Bool, TensorDatatype.Bool },
        { DataType.Uint8, TensorDatatype.UInt8 },
        { DataType.Uint16, TensorDatatype.UInt16 },
        { DataType.Uint32, TensorDatatype.UInt32 },
        { DataType.Uint64, TensorDatatype.UInt64 },
        { DataType.Int8, TensorDatatype.Int8 },
        { DataType.Int16, TensorDatatype.Int16 },
        { DataType.Int32, TensorDatatype.Int32 },
        { DataType.Int64, TensorDatatype.Int64 },
        { DataType.Float16, TensorDatatype.Fp16 },
        { DataType.Bfloat16, TensorDatatype.Bf16 },
        { DataType.Float, TensorDatatype.Fp32 },
        { DataType.Double, TensorDatatype.Fp64 },
    };

    [Theory]
    [MemberData(nameof(Datatypes))]
    public void Run_IdentityOfDatatype_AnswersTheSameBytes(DataType onnx, TensorDatatype datatype)
    {
        using var session = Open(OnnxGraphs.Identity(onnx));
        var size = Inference.Tensors.Datatypes.SizeOf(datatype);
        var bytes = Enumerable.Range(0, 6 * size).Select(i => (byte)(datatype == TensorDatatype.Bool ? i % 2 : i + 1)).ToArray();
        var buffer = TensorBuffer.Rent(bytes.Length);
        bytes.CopyTo(buffer.Span);
        using var input = new BufferTensor("x", datatype, [2, 3], buffer);

        var outputs = session.Run([input], ["y"], Token);

        Assert.Equal(Inference.Tensors.Datatypes.NameOf(datatype), session.Signature.Inputs[0].Datatype);
        Assert.Equal([-1, -1], session.Signature.Inputs[0].Shape);
        Assert.Equal([2, 3], outputs[0].Shape);
        Assert.Equal(bytes, outputs[0].Data.ToArray());
        outputs[0].Dispose();
    }

    [Fact]
    public void Run_Strings_AnswersTheSameStrings()
    {
        using var session = Open(OnnxGraphs.Identity(DataType.String, rank: 1));
        string[] texts = ["", "a", "ünïcödé 漢字 🙂", new string('x', 10_000)];
        using var input = new BufferTensor("x", [4], [.. texts.Select(Encoding.UTF8.GetBytes)]);

        using var output = session.Run([input], ["y"], Token)[0];

        Assert.Equal(texts, Enumerable.Range(0, 4).Select(index => Encoding.UTF8.GetString(output.StringAt(index))));
    }

    [Fact]
    public void Run_NoElements_AnswersNoElements()
    {
        using var session = Open(OnnxGraphs.Identity(DataType.Float));
        using var input = Engine.Fp32("x", [0, 3]);

        using var output = session.Run([input], ["y"], Token)[0];

        Assert.Equal([0, 3], output.Shape);
        Assert.True(output.Data.IsEmpty);
    }

    [Fact]
    public void Run_Scalar_AnswersAScalar()
    {
        using var session = Open(OnnxGraphs.Identity(DataType.Float, rank: 0));
        using var input = Engine.Fp32("x", [], 42);

        using var output = session.Run([input], ["y"], Token)[0];

        Assert.Empty(output.Shape);
        Assert.Equal(42, BitConverter.ToSingle(output.Data));
    }

    [Fact]
    public void Open_DatatypeThatNoProtocolCarries_IsRefusedSayingSo()
    {
        var error = Assert.Throws<ModelRefusedException>(() => Open(OnnxGraphs.Identity(DataType.Float8E4M3Fn)));

        Assert.Contains("float8", error.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Open_NotAGraph_IsRefused()
    {
        var path = _folder.File("text.onnx");
        File.WriteAllText(path, "this is no graph");

        Assert.Throws<ModelRefusedException>(() => OnnxSession.Open(path, ExecutionProvider.Cpu));
    }

    [Fact]
    public void Read_Graph_GivesItsSignature()
    {
        var signature = OnnxSignature.Read(OnnxGraphs.Mlp(64, 8, 10).WriteTo(_folder.File("mlp.onnx")));

        Assert.Equal(("x", "FP32"), (signature.Inputs.Single().Name, signature.Inputs.Single().Datatype));
        Assert.Equal([-1, 64], signature.Inputs.Single().Shape);
        Assert.Equal([-1, 10], signature.Outputs.Single().Shape);
    }

    public void Dispose() => _folder.Dispose();

    private OnnxSession Open(OnnxGraph graph) => OnnxSession.Open(graph.WriteTo(_folder.File("model.onnx")), ExecutionProvider.Cpu);
}
