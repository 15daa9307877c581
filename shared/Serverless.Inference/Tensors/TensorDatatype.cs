using System.Diagnostics.CodeAnalysis;

namespace Serverless.Inference.Tensors;

/// <summary>Datatypes of the Open Inference Protocol, plus Triton's BF16.</summary>
[SuppressMessage("Naming", "CA1720:Identifier contains type name", Justification = "The protocol's own names.")]
public enum TensorDatatype
{
    /// <summary>One byte, 0 or 1.</summary>
    Bool,

    /// <summary>Unsigned, 8 bits.</summary>
    UInt8,

    /// <summary>Unsigned, 16 bits.</summary>
    UInt16,

    /// <summary>Unsigned, 32 bits.</summary>
    UInt32,

    /// <summary>Unsigned, 64 bits.</summary>
    UInt64,

    /// <summary>Signed, 8 bits.</summary>
    Int8,

    /// <summary>Signed, 16 bits.</summary>
    Int16,

    /// <summary>Signed, 32 bits.</summary>
    Int32,

    /// <summary>Signed, 64 bits.</summary>
    Int64,

    /// <summary>IEEE 754 half.</summary>
    Fp16,

    /// <summary>bfloat16.</summary>
    Bf16,

    /// <summary>IEEE 754 single.</summary>
    Fp32,

    /// <summary>IEEE 754 double.</summary>
    Fp64,

    /// <summary>Byte strings of any length; ONNX's string tensors, in UTF-8.</summary>
    Bytes,
}
