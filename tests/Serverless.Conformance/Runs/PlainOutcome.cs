namespace Serverless.Conformance.Runs;

/// <summary>What ONNX Runtime alone makes of a case.</summary>
internal enum PlainOutcome
{
    /// <summary>It answers what is expected.</summary>
    Passes,

    /// <summary>It answers something else: random operators, and behaviour that changed since the case was written.</summary>
    Differs,

    /// <summary>It loads the model, but cannot run it.</summary>
    DoesNotRun,

    /// <summary>It cannot load the model.</summary>
    NotLoaded,

    /// <summary>The case has sequences, optionals or elements that no datatype of the protocol names.</summary>
    OtherTypes,
}
