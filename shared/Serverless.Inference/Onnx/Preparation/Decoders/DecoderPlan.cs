using Onnx;
using Serverless.Models.Manifest;

namespace Serverless.Inference.Onnx.Preparation.Decoders;

/// <summary>What is to be made of a decoder.</summary>
/// <param name="Record">What was found of it.</param>
/// <param name="Files">The files about text that go with it.</param>
/// <param name="Changed">The model with logits of the last position alone; null where it stays as it is.</param>
internal sealed record DecoderPlan(DecoderRecord Record, DecoderFiles Files, ModelProto? Changed)
{
    /// <summary>Null for a graph that is no decoder, or is to be served as tensors.</summary>
    /// <exception cref="ModelRefusedException">It is or was to be a decoder, and is none that can be served.</exception>
    public static DecoderPlan? Of(OnnxFile source, OnnxSignature signature, string? task)
    {
        if (task != ModelTasks.TextGeneration && (task is not null || !DecoderInterface.IsLikely(signature)))
            return null;
        _ = DecoderInterface.Read(signature);
        var files = DecoderFiles.Beside(source.Path);
        files.Check();
        var record = DecoderDescription.Of(source.Model, signature, files);
        var isLast = signature.Outputs.First(output => output.Name == DecoderInterface.Logits).Shape[1] == 1;
        var changed = isLast ? null : LastPosition.TryCut(source.Model);
        return new DecoderPlan(record with { LastLogitsOnly = isLast || changed is not null }, files, changed);
    }

    /// <summary>The same, with the model as it is.</summary>
    public DecoderPlan WithoutChange() => this with
    {
        Record = Record with { LastLogitsOnly = Record.LastLogitsOnly && Changed is null },
        Changed = null,
    };

    /// <summary>Holds what was made against the original, and streams together against streams alone.</summary>
    /// <exception cref="ModelRefusedException">It answers otherwise.</exception>
    public void Prove(PreparedGraph prepared, OnnxSession original, OnnxSession session, int maxBatch)
    {
        var proof = new DecoderProof(Record);
        if (proof.FindChange(original, session) is { } change)
            throw new ModelRefusedException($"once optimised it answers otherwise than before: {change}");
        prepared.Batching = proof.Batch(session, maxBatch);
        prepared.Decoder = Record;
        prepared.Files = Files.Paths;
    }
}
