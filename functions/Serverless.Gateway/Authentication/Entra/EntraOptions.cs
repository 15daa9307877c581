namespace Serverless.Gateway.Authentication.Entra;

/// <summary>Configuration section <c>Gateway:Entra</c>: bearer tokens of Entra ID. Off unless an authority is set.</summary>
internal sealed class EntraOptions
{
    public const string Section = "Gateway:Entra";

    /// <summary>Who issues the tokens: <c>https://login.microsoftonline.com/DIRECTORY/v2.0</c>; none unless set.</summary>
    public Uri? Authority { get; set; }

    /// <summary>Whom they must be for: the id of the gateway's app registration, or its application ID URI.</summary>
    public string? Audience { get; set; }

    /// <summary>The claim that names the tenant; <c>oid</c>, the user or service principal, unless set.</summary>
    public string TenantClaim { get; set; } = "oid";
}
