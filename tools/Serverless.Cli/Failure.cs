using Azure;
using Serverless.Cli.Api;
using Serverless.Contracts.Errors;
using Serverless.Inference.Onnx;
using Serverless.Models.Integrity;
using Serverless.Topology.Processes;
using Spectre.Console;

namespace Serverless.Cli;

/// <summary>Says what went wrong; a stack only for what nobody expected.</summary>
internal static class Failure
{
    public static int Show(IAnsiConsole console, Exception exception)
    {
        switch (exception)
        {
            case OperationCanceledException:
                console.MarkupLine("[yellow]Stopped.[/]");
                return 130;
            case ApiException api:
                console.MarkupLineInterpolated($"[red]The API answered {api.Status}:[/] {api.Message}");
                return 1;
            case ModelRefusedException or ModelIntegrityException or ArgumentException:
            case InferenceException or ServiceStartException or HttpRequestException or RequestFailedException or IOException
                or UnauthorizedAccessException or Spectre.Console.Cli.CommandAppException:
                console.MarkupLineInterpolated($"[red]{exception.Message}[/]");
                return 1;
            default:
                console.WriteException(exception, ExceptionFormats.ShortenPaths);
                return 1;
        }
    }
}
