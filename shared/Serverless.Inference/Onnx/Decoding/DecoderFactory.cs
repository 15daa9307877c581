using Serverless.Inference.Generation.Memory;
using Serverless.Models.Manifest;

namespace Serverless.Inference.Onnx.Decoding;

/// <summary>Chooses how a decoder is run.</summary>
internal static class DecoderFactory
{
    /// <param name="session">Stays the caller's.</param>
    /// <param name="record">What was found of it when it was pushed.</param>
    /// <param name="limits">How much it runs at once.</param>
    /// <exception cref="ModelRefusedException">Graph and record do not fit together.</exception>
    public static IDecoder Create(OnnxSession session, DecoderRecord record, DecoderLimits limits)
    {
        var decoder = new DecoderSession(session, record);
        try
        {
            return record.SharesPast ? new SlotDecoder(decoder, limits) : new GroupedDecoder(decoder, limits);
        }
        catch
        {
            decoder.Dispose();
            throw;
        }
    }
}
