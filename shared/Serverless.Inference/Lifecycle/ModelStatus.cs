namespace Serverless.Inference.Lifecycle;

/// <summary>The state of a model version in this process.</summary>
/// <param name="Name">The model's name.</param>
/// <param name="Version">The version.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Reason">Why, for people; empty when there is nothing to say.</param>
public sealed record ModelStatus(string Name, int Version, ModelState State, string Reason);
