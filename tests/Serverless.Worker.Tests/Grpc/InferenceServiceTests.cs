using System.Runtime.InteropServices;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Serverless.Worker.Grpc.Protocol;

namespace Serverless.Worker.Tests.Grpc;

/// <summary>The protocol over gRPC, with the generated client over a real connection.</summary>
[Collection(WorkerCollection.Name)]
public sealed class InferenceServiceTests : IDisposable
{
    private readonly GrpcChannel _channel;
    private readonly GRPCInferenceService.GRPCInferenceServiceClient _client;

    public InferenceServiceTests(WorkerFixture fixture)
    {
        _channel = GrpcChannel.ForAddress(fixture.Worker.GrpcUrl);
        _client = new GRPCInferenceService.GRPCInferenceServiceClient(_channel);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ModelInfer_RawContents_AnswersRaw()
    {
        var request = Request("scale", "x", "FP32", 1, 2);
        request.Id = "a";
        request.RawInputContents.Add(Bytes(1.5f, -2));

        var response = await _client.ModelInferAsync(request, cancellationToken: Token);

        Assert.Equal(("scale", "1", "a"), (response.ModelName, response.ModelVersion, response.Id));
        var output = Assert.Single(response.Outputs);
        Assert.Equal(("y", "FP32", "1,2"), (output.Name, output.Datatype, string.Join(',', output.Shape)));
        Assert.Equal(Bytes(3, -4), Assert.Single(response.RawOutputContents));
    }

    [Fact]
    public async Task ModelInfer_EveryTypedContent_ComesBackTyped()
    {
        await AssertTypedAsync("bool", "BOOL", contents => contents.BoolContents.AddRange([true, false]));
        await AssertTypedAsync("int8", "INT8", contents => contents.IntContents.AddRange([-128, 127]));
        await AssertTypedAsync("int16", "INT16", contents => contents.IntContents.AddRange([-32768, 5]));
        await AssertTypedAsync("int32", "INT32", contents => contents.IntContents.AddRange([int.MinValue, 5]));
        await AssertTypedAsync("int64", "INT64", contents => contents.Int64Contents.AddRange([long.MinValue, 5]));
        await AssertTypedAsync("uint8", "UINT8", contents => contents.UintContents.AddRange([255, 5]));
        await AssertTypedAsync("uint16", "UINT16", contents => contents.UintContents.AddRange([65535, 5]));
        await AssertTypedAsync("uint32", "UINT32", contents => contents.UintContents.AddRange([uint.MaxValue, 5]));
        await AssertTypedAsync("uint64", "UINT64", contents => contents.Uint64Contents.AddRange([ulong.MaxValue, 5]));
        await AssertTypedAsync("fp32", "FP32", contents => contents.Fp32Contents.AddRange([float.NaN, 5]));
        await AssertTypedAsync("fp64", "FP64", contents => contents.Fp64Contents.AddRange([double.Epsilon, 5]));
        await AssertTypedAsync("bytes", "BYTES", contents => contents.BytesContents.Add([ByteString.CopyFromUtf8("ä"), ByteString.Empty]));
    }

    [Fact]
    public async Task ModelInfer_WhatDoesNotFit_IsInvalidArgumentNamingIt()
    {
        await AssertRefusedAsync(Request("scale", "z", "FP32", 1, 2), StatusCode.InvalidArgument, "no input 'z'");
        await AssertRefusedAsync(Request("scale", "x", "FP32", 1, 2), StatusCode.InvalidArgument, "no data");
        await AssertRefusedAsync(Request("scale", "x", "INT64", 1, 2), StatusCode.InvalidArgument, "wants FP32");
        await AssertRefusedAsync(Request("scale", "x", "FP32", -1, 2), StatusCode.InvalidArgument, "cannot be negative");
        var wide = Request("int8", "x", "INT8", 1, 1);
        wide.Inputs[0].Contents = new InferTensorContents { IntContents = { 128 } };
        await AssertRefusedAsync(wide, StatusCode.InvalidArgument, "outside the range of INT8");
        var few = Request("scale", "x", "FP32", 1, 2);
        few.Inputs[0].Contents = new InferTensorContents { Fp32Contents = { 1 } };
        await AssertRefusedAsync(few, StatusCode.InvalidArgument, "takes 2 elements");
        var both = Request("scale", "x", "FP32", 1, 2);
        both.Inputs[0].Contents = new InferTensorContents { Fp32Contents = { 1, 2 } };
        both.RawInputContents.Add(Bytes(1, 2));
        await AssertRefusedAsync(both, StatusCode.InvalidArgument, "send one of them");
        var wrong = Request("scale", "x", "FP32", 1, 2);
        wrong.RawInputContents.Add(Bytes(1));
        await AssertRefusedAsync(wrong, StatusCode.InvalidArgument, "takes 8 bytes");
        var half = Request("half", "x", "FP16", 1, 1);
        half.Inputs[0].Contents = new InferTensorContents { Fp32Contents = { 1 } };
        await AssertRefusedAsync(half, StatusCode.InvalidArgument, "raw_input_contents");
    }

    [Fact]
    public async Task ModelInfer_Failure_HasTheStatusOfItsKind()
    {
        await AssertRefusedAsync(Request("nobody", "x", "FP32", 1, 2), StatusCode.NotFound, "nobody");
        var versioned = Request("scale", "x", "FP32", 1, 2);
        versioned.ModelVersion = "99";
        await AssertRefusedAsync(versioned, StatusCode.NotFound, "99");
        var classified = Request("scale", "x", "FP32", 1, 2);
        classified.Parameters["sequence_id"] = new InferParameter { Int64Param = 1 };
        await AssertRefusedAsync(classified, StatusCode.Unimplemented, "Sequences");
    }

    [Fact]
    public async Task ModelStreamInfer_ManyRequests_AreAnsweredInOrderEvenAfterAFailure()
    {
        using var call = _client.ModelStreamInfer(cancellationToken: Token);
        for (var i = 0; i < 20; i++)
        {
            var request = Request(i == 7 ? "nobody" : "scale", "x", "FP32", 1, 2);
            request.Id = $"{i}";
            request.RawInputContents.Add(Bytes(i, 1));
            await call.RequestStream.WriteAsync(request, Token);
        }

        await call.RequestStream.CompleteAsync();
        for (var i = 0; i < 20; i++)
        {
            Assert.True(await call.ResponseStream.MoveNext(Token));
            var message = call.ResponseStream.Current;
            Assert.Equal($"{i}", message.InferResponse.Id);
            Assert.Equal(i == 7, message.ErrorMessage.Contains("nobody", StringComparison.Ordinal));
            if (i != 7)
                Assert.Equal(Bytes(2 * i, 2), message.InferResponse.RawOutputContents[0]);
        }

        Assert.False(await call.ResponseStream.MoveNext(Token));
    }

    [Fact]
    public async Task ServerAndModel_AreDescribed()
    {
        Assert.True((await _client.ServerLiveAsync(new ServerLiveRequest(), cancellationToken: Token)).Live);
        Assert.True((await _client.ServerReadyAsync(new ServerReadyRequest(), cancellationToken: Token)).Ready);
        Assert.True((await _client.ModelReadyAsync(new ModelReadyRequest { Name = "scale" }, cancellationToken: Token)).Ready);
        var server = await _client.ServerMetadataAsync(new ServerMetadataRequest(), cancellationToken: Token);
        Assert.Contains("binary_tensor_data", server.Extensions);
        var model = await _client.ModelMetadataAsync(new ModelMetadataRequest { Name = "scale", Version = "1" }, cancellationToken: Token);
        Assert.Equal(("scale", "onnx_onnxv1", "1"), (model.Name, model.Platform, model.Versions.Single()));
        Assert.Equal(("x", "FP32", "-1,2"), (model.Inputs[0].Name, model.Inputs[0].Datatype, string.Join(',', model.Inputs[0].Shape)));
        Assert.Contains("execution_provider", model.Properties.Keys);
    }

    [Fact]
    public async Task Repository_LoadedAndUnloaded_IsListedSo()
    {
        await _client.RepositoryModelLoadAsync(new RepositoryModelLoadRequest { ModelName = "log" }, cancellationToken: Token);
        var loaded = await _client.RepositoryIndexAsync(new RepositoryIndexRequest { Ready = true }, cancellationToken: Token);
        Assert.Contains(loaded.Models, model => model.Name == "log" && model.State == "READY");
        await _client.RepositoryModelUnloadAsync(new RepositoryModelUnloadRequest { ModelName = "log" }, cancellationToken: Token);
        var all = await _client.RepositoryIndexAsync(new RepositoryIndexRequest(), cancellationToken: Token);
        Assert.Contains(all.Models, model => model.Name == "log" && model.State is "UNLOADING" or "UNAVAILABLE");
        var error = await Assert.ThrowsAsync<RpcException>(async () => await _client.RepositoryIndexAsync(
            new RepositoryIndexRequest { RepositoryName = "r" }, cancellationToken: Token));
        Assert.Equal(StatusCode.Unimplemented, error.StatusCode);
    }

    public void Dispose() => _channel.Dispose();

    private async Task AssertTypedAsync(string model, string datatype, Action<InferTensorContents> fill)
    {
        var contents = new InferTensorContents();
        fill(contents);
        var request = Request(model, "x", datatype, 2, 1);
        request.Inputs[0].Contents = contents;
        request.Parameters["binary_data_output"] = new InferParameter { BoolParam = false };

        var response = await _client.ModelInferAsync(request, cancellationToken: Token);

        Assert.Empty(response.RawOutputContents);
        Assert.Equal(contents, response.Outputs[0].Contents);
    }

    private async Task AssertRefusedAsync(ModelInferRequest request, StatusCode status, string fault)
    {
        var error = await Assert.ThrowsAsync<RpcException>(async () => await _client.ModelInferAsync(request, cancellationToken: Token));
        Assert.Equal(status, error.StatusCode);
        Assert.Contains(fault, error.Status.Detail, StringComparison.Ordinal);
    }

    private static ModelInferRequest Request(string model, string input, string datatype, params long[] shape) => new()
    {
        ModelName = model,
        Inputs = { new ModelInferRequest.Types.InferInputTensor { Name = input, Datatype = datatype, Shape = { shape } } },
    };

    private static ByteString Bytes(params float[] values) => ByteString.CopyFrom(MemoryMarshal.AsBytes(values.AsSpan()));
}
