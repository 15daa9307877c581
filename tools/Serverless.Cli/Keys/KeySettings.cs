using System.ComponentModel;
using Serverless.Cli.Api;
using Spectre.Console.Cli;

namespace Serverless.Cli.Keys;

/// <summary>Options of commands about one key.</summary>
internal class KeySettings : ApiSettings
{
    [CommandArgument(0, "<KEY>")]
    [Description("The key's id, key_…; not the key itself.")]
    public string Id { get; init; } = "";

    public string Path => "/v1/admin/keys/" + Uri.EscapeDataString(Id);
}
