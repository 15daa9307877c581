using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace Serverless.Inference.Onnx;

/// <summary>What of this processor ONNX Runtime's blocked layout of convolutions depends on.</summary>
internal static class ProcessorFeatures
{
    /// <summary>Such as <c>x64-avx512</c>: with AVX-512 a block holds 16 channels, with AVX2 it holds 8.</summary>
    public static string Current { get; } =
        $"{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}{VectorSuffix()}";

    private static string VectorSuffix() => Avx512F.IsSupported ? "-avx512" : Avx2.IsSupported ? "-avx2" : "";
}
