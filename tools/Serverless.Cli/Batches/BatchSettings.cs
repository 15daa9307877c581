using System.ComponentModel;
using Serverless.Cli.Api;
using Spectre.Console.Cli;

namespace Serverless.Cli.Batches;

/// <summary>Options of commands about one batch.</summary>
internal class BatchSettings : ApiSettings
{
    [CommandArgument(0, "<BATCH>")]
    [Description("The batch's id.")]
    public string Id { get; init; } = "";
}
