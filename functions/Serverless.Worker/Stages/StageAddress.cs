namespace Serverless.Worker.Stages;

/// <summary>Where the stages with a place are served, <c>Worker:Stages:N</c>.</summary>
internal sealed class StageAddress
{
    /// <summary>The place, as the manifests of models name it.</summary>
    public string Name { get; set; } = "";

    /// <summary>URL of the worker there, or of what stands before several.</summary>
    public string Url { get; set; } = "";
}
