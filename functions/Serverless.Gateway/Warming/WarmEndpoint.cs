using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Serverless.Contracts.Errors;
using Serverless.Contracts.Models;
using Serverless.Gateway.Forwarding;
using Serverless.Gateway.Holding;
using Serverless.Gateway.Jobs;

namespace Serverless.Gateway.Warming;

/// <summary><c>POST /v1/warm</c>: starts a replica and loads models ahead of a burst.</summary>
internal sealed class WarmEndpoint(ModelWarming warming, ModelGate models, IOptions<HoldingOptions> options, TimeProvider time)
{
    private const int MaxBody = 16 << 10;
    private const string RetrySeconds = "2";

    public async Task HandleAsync(HttpContext context)
    {
        if (context.Request.Method != "POST")
            throw Methods.NotAllowed(context, "POST");
        context.Request.Body = new LimitedBody(context.Request.Body, MaxBody);
        using var bytes = new MemoryStream();
        await context.Request.Body.CopyToAsync(bytes, context.RequestAborted);
        var body = WarmBody.Read(bytes.GetBuffer().AsSpan(0, (int)bytes.Length), options.Value.MaxWait);

        // A misspelt name is told of before anything starts for it.
        var references = (body.Models ?? []).Select(name => ModelReference.Parse(name!)).Distinct().ToList();
        foreach (var reference in references)
            await models.CheckAsync(reference, context.RequestAborted);

        Task<Warmth>[] work = [warming.WarmAsync(null), .. references.Select(warming.WarmAsync)];
        await WaitAsync(work, body.Wait is { } wait ? TimeSpan.FromSeconds(wait) : options.Value.MaxWait, context.RequestAborted);
        await AnswerAsync(context, references, work);
    }

    private async Task WaitAsync(Task<Warmth>[] work, TimeSpan wait, CancellationToken cancellationToken)
    {
        try
        {
            await Task.WhenAll(work).WaitAsync(wait, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            // What is not done goes on; the answer says what that is.
        }
    }

    private static async Task AnswerAsync(HttpContext context, List<ModelReference> references, Task<Warmth>[] work)
    {
        var states = work.Select(StateOf).ToArray();
        var all = states.Contains("loading") ? "loading" : states.Contains("failed") ? "failed" : "ready";
        if (all == "loading")
            context.Response.Headers.RetryAfter = RetrySeconds;
        context.Response.StatusCode = all switch
        {
            "loading" => StatusCodes.Status202Accepted,
            "failed" => StatusCodes.Status503ServiceUnavailable,
            _ => StatusCodes.Status200OK,
        };
        await ListJson.AnswerAsync(context, json =>
        {
            json.WriteStartObject();
            json.WriteString("object", "warm");
            json.WriteString("status", all);
            Write(json, "replica", states[0], work[0]);
            json.WriteStartArray("models");
            for (var i = 0; i < references.Count; i++)
                Write(json, references[i].ToString(), states[i + 1], work[i + 1], asItem: true);
            json.WriteEndArray();
            if (all == "failed")
                WriteError(json, work);
            json.WriteEndObject();
        });
    }

    private static void WriteError(Utf8JsonWriter json, Task<Warmth>[] work)
    {
        var reason = work.Select(part => part.IsCompletedSuccessfully ? part.Result.Error : "The gateway's log says why.").First(error => error is not null);
        ErrorBody.WriteTo(json, new InferenceError(ErrorKind.ModelUnavailable, $"Not everything is warm: {reason}"), WireProtocol.OpenAi);
    }

    private static string StateOf(Task<Warmth> work) =>
        !work.IsCompleted ? "loading" : work.IsCompletedSuccessfully && work.Result.Error is null ? "ready" : "failed";

    private static void Write(Utf8JsonWriter json, string name, string state, Task<Warmth> work, bool asItem = false)
    {
        if (asItem)
        {
            json.WriteStartObject();
            json.WriteString("model", name);
        }
        else
        {
            json.WriteStartObject(name);
        }

        json.WriteString("status", state);
        if (work.IsCompletedSuccessfully)
        {
            json.WriteNumber("seconds", Math.Round(work.Result.Took.TotalSeconds, 3));
            if (work.Result.Error is { } error)
                json.WriteString("error", error);
        }

        json.WriteEndObject();
    }
}
