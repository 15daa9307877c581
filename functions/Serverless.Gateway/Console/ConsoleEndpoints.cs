using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Serverless.Contracts.Errors;
using Serverless.Gateway.Authentication;
using Serverless.Gateway.Jobs;

namespace Serverless.Gateway.Console;

/// <summary><c>/console</c>: the page, who is looking at it, and what the gateway itself knows of models.</summary>
internal sealed class ConsoleEndpoints(ConsoleFiles files, ModelOverview models)
{
    /// <summary>Another site's page cannot set it without being asked first, and nothing here answers that question.</summary>
    public const string PageHeader = "x-inference-console";

    private const string Root = "/console";

    public Task HandleAsync(HttpContext context, Caller caller)
    {
        if (context.Request.Method is not ("GET" or "HEAD"))
            throw Methods.NotAllowed(context, "GET, HEAD");
        return (context.Request.Path.Value ?? "")[Root.Length..] switch
        {
            "" => RedirectAsync(context),
            "/session" => AnswerSessionAsync(context, caller),
            "/models" => models.AnswerAsync(context),
            var path => files.AnswerAsync(context, path is "/" ? "index.html" : path[1..]),
        };
    }

    /// <summary>The browser sends its credentials by itself below the folder that asked for them, which must not be the root.</summary>
    private static Task RedirectAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status308PermanentRedirect;
        context.Response.Headers.Location = Root + "/";
        return Task.CompletedTask;
    }

    /// <summary>Gives the page the key that the browser holds, for the API.</summary>
    private static Task AnswerSessionAsync(HttpContext context, Caller caller)
    {
        var headers = context.Request.Headers;
        if (!headers.ContainsKey(PageHeader) || headers["Sec-Fetch-Site"].ToString() is not ("" or "same-origin"))
            throw new InferenceException(ErrorKind.Forbidden, $"Only the console's own page may ask this, with the header '{PageHeader}'.");
        return ListJson.AnswerAsync(context, json => WriteSession(json, caller, ApiKeyAuthenticator.KeyOf(context.Request)));
    }

    private static void WriteSession(Utf8JsonWriter json, Caller caller, string? key)
    {
        json.WriteStartObject();
        json.WriteString("key", key);
        json.WriteString("tenant", caller.Name);
        json.WriteBoolean("operator", caller.Allowed.HasFlag(Operations.Admin));
        json.WriteEndObject();
    }
}
