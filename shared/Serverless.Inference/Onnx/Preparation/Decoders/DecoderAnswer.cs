namespace Serverless.Inference.Onnx.Preparation.Decoders;

/// <summary>What a run makes of one stream.</summary>
/// <param name="Logits">Of its last position, as the graph gives them.</param>
/// <param name="State">Its keys and values from now on.</param>
internal sealed record DecoderAnswer(double[] Logits, DecoderState State);
