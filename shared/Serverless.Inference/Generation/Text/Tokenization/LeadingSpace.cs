namespace Serverless.Inference.Generation.Text.Tokenization;

/// <summary>What becomes of the space that a text's first token begins with.</summary>
internal enum LeadingSpace
{
    /// <summary>It is text like any other.</summary>
    Kept,

    /// <summary>One space goes.</summary>
    OneDropped,

    /// <summary>All spaces in the first token go.</summary>
    AllDropped,
}
