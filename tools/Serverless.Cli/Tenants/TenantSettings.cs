using System.ComponentModel;
using Serverless.Cli.Api;
using Spectre.Console.Cli;

namespace Serverless.Cli.Tenants;

/// <summary>Options of commands about one tenant.</summary>
internal class TenantSettings : ApiSettings
{
    [CommandArgument(0, "<TENANT>")]
    [Description("The tenant's name.")]
    public string Tenant { get; init; } = "";

    public string Path => "/v1/admin/tenants/" + Uri.EscapeDataString(Tenant);
}
