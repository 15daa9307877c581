namespace Serverless.ContainerHost.Settings;

/// <summary>The host's settings, section <c>ContainerHost</c>.</summary>
internal sealed class ContainerHostOptions
{
    public const string Section = "ContainerHost";

    /// <summary>Where the ingress listens; a loopback address. Default http://127.0.0.1:8090.</summary>
    public string Url { get; set; } = "http://127.0.0.1:8090";

    /// <summary>Where the status page and <c>/metrics</c> are; a loopback address. Default http://127.0.0.1:8091.</summary>
    public string ManagementUrl { get; set; } = "http://127.0.0.1:8091";

    /// <summary>Path of <c>scale.json</c>; required.</summary>
    public string ScaleFile { get; set; } = "";

    /// <summary>A bound below the file's <c>maxReplicas</c>, for what this machine takes; the file's own unless set.</summary>
    public int? MaxReplicas { get; set; }

    /// <summary>
    /// How much faster than in Azure the clocks of the rules and of the probes run: at 30 a cool-down of 300 s takes 10 s. What processes
    /// need (starts, answers, grace periods) is never compressed. Default 1; 1 to 100.
    /// </summary>
    public double Speed { get; set; } = 1;

    /// <summary>Connection string of Service Bus's administration; without one no queue is asked.</summary>
    public string? ServiceBusAdministration { get; set; }

    /// <summary>How a replica is started.</summary>
    public ReplicaTemplate Replica { get; set; } = new();
}
