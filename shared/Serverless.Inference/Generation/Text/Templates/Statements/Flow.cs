namespace Serverless.Inference.Generation.Text.Templates.Statements;

/// <summary>What comes after a statement.</summary>
internal enum Flow
{
    Next,

    /// <summary>The end of the loop.</summary>
    Break,

    /// <summary>The loop's next round.</summary>
    Continue,
}
