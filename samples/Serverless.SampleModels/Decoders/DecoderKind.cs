namespace Serverless.SampleModels.Decoders;

/// <summary>How a decoder's graph keeps keys and values.</summary>
public enum DecoderKind
{
    /// <summary>
    /// <c>com.microsoft.GroupQueryAttention</c> with rotation inside, over one buffer of the longest context that is past and present
    /// alike, as ONNX Runtime GenAI's model builder writes it.
    /// </summary>
    GroupQuery,

    /// <summary>Plain operators that concatenate past and new, as Optimum exports them: with <c>position_ids</c> as an input.</summary>
    Optimum,
}
