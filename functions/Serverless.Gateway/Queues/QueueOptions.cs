namespace Serverless.Gateway.Queues;

/// <summary>Settings of queues of single requests, section <c>Queues</c>.</summary>
internal sealed class QueueOptions
{
    public const string Section = "Queues";

    /// <summary>Whose requests come through <c>inference-requests</c>; nobody's in particular unless set.</summary>
    public string? Tenant { get; set; }

    /// <summary>Tenants with a queue of their own, <c>inference-requests-NAME</c>; none unless set.</summary>
    public IList<string>? Tenants { get; set; }
}
