using System.ComponentModel.DataAnnotations;

namespace Serverless.Gateway.Forwarding;

/// <summary>Configuration section <c>Gateway</c>, the part about the worker behind it.</summary>
internal sealed class ForwardingOptions
{
    public const string Section = "Gateway";

    /// <summary>Base URL of the worker, or of the ingress before its replicas.</summary>
    [Required(ErrorMessage = "Gateway:WorkerUrl is missing: the base URL of the worker, for example http://127.0.0.1:8080.")]
    public Uri? WorkerUrl { get; set; }

    /// <summary>One of the worker's <c>Worker:GatewayKeys</c>, to sign tokens with; none before a worker that asks for none.</summary>
    public string? WorkerKey { get; set; }

    /// <summary>
    /// Id of the app registration that tokens for the worker are for, its <c>Worker:EntraAudience</c>: then the gateway shows its managed identity
    /// in place of a key; none unless set.
    /// </summary>
    public string? WorkerAudience { get; set; }

    /// <summary>Largest request body in bytes; 512 MiB unless set.</summary>
    [Range(1, long.MaxValue, ErrorMessage = "Gateway:MaxBodyBytes must be at least 1.")]
    public long MaxBodyBytes { get; set; } = 512L << 20;

    /// <summary>How long a request may go without a byte moving; 225 s unless set, since Functions HTTP ends at 230 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00", ErrorMessage = "Gateway:ActivityTimeout must be from 1 s to 10 minutes.")]
    public TimeSpan ActivityTimeout { get; set; } = TimeSpan.FromSeconds(225);

    /// <summary>
    /// Up to how many bytes a request's body is kept, so that the request can be sent again when its replica is lost; 1 MiB unless set, 0 for
    /// never.
    /// </summary>
    [Range(0, 16 << 20, ErrorMessage = "Gateway:ReplayBytes must be from 0 to 16777216.")]
    public int ReplayBytes { get; set; } = 1 << 20;
}
