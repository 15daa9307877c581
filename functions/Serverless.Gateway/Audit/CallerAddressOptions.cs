using System.ComponentModel.DataAnnotations;

namespace Serverless.Gateway.Audit;

/// <summary>How far <c>X-Forwarded-For</c> is believed, section <c>Gateway</c>.</summary>
internal sealed class CallerAddressOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Gateway";

    /// <summary>
    /// How many proxies stand before the gateway, each of which adds the address that it was called from; 0 for none, up to 10. 1 unless set:
    /// the ingress of Container Apps.
    /// </summary>
    [Range(0, 10, ErrorMessage = "Gateway:TrustedProxies must be from 0 to 10.")]
    public int TrustedProxies { get; set; } = 1;
}
