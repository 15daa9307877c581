namespace Serverless.Models.Codecs;

/// <summary>What a pusher may give up for size; what is served stays fp32.</summary>
public enum LossyCodec
{
    /// <summary>Nothing: every bit arrives as it was pushed.</summary>
    None,

    /// <summary><see cref="PackageCodecs.Fp16"/>: half the size.</summary>
    Fp16,

    /// <summary><see cref="PackageCodecs.Bf16"/>: half the size; for weights that were trained in it, or that half precision cannot hold.</summary>
    Bf16,

    /// <summary><see cref="PackageCodecs.Int8Block"/>: about 27 % of the size.</summary>
    Int8Block,
}
