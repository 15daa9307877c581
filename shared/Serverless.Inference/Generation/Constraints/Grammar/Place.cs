namespace Serverless.Inference.Generation.Constraints.Grammar;

/// <summary>
/// Where in the text of one <see cref="GrammarNode"/> a reader is; what the numbers mean is the node's own. The default is its beginning.
/// </summary>
internal readonly record struct Place(int Phase, int Index = 0, int Detail = 0);
