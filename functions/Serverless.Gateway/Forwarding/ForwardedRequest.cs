using System.Globalization;
using Microsoft.AspNetCore.Http;
using Serverless.Contracts.Errors;
using Serverless.Contracts.Models;
using Serverless.Gateway.Forwarding.Streams;
using Serverless.Gateway.Http;
using Serverless.Gateway.RateLimits;

namespace Serverless.Gateway.Forwarding;

/// <summary>A request on its way to the worker.</summary>
internal sealed class ForwardedRequest(HttpContext context, Route route, string tenant, long arrived)
{
    private RequestHead? _head;

    public HttpContext Context => context;

    /// <summary>Name of the caller's key.</summary>
    public string Tenant => tenant;

    /// <summary>When it came.</summary>
    public long Arrived => arrived;

    /// <summary>Its body.</summary>
    public required KeptBody Body { get; init; }

    /// <summary>Its answer, when that is a stream of events.</summary>
    public EventAnswer? Events { get; set; }

    /// <summary>What it is charged before it is answered; null where its tenant has no such limit.</summary>
    public RateCharge? Charge { get; set; }

    /// <summary>How long it was held; null when it was not.</summary>
    public TimeSpan? Held { get; set; }

    /// <summary>How long it took to wake the replica that it was held for.</summary>
    public TimeSpan Woken { get; set; }

    /// <summary>The model that it names where the gateway can see it.</summary>
    /// <exception cref="InferenceException"><see cref="ErrorKind.ModelNotFound"/>: no model can have that name.</exception>
    public ModelReference? Model => route.Body is RouteBody.NamesModel or RouteBody.MayAskForStream
        ? Head.Model is { } model ? ModelReference.Parse(model) : null
        : route.ModelIn(context.Request.Path.Value ?? "");

    /// <summary>Whether it has a model run, rather than shown or administered.</summary>
    public bool RunsModel => !route.ForOperators && route.Methods is ["POST"];

    /// <summary>What it is charged; null for nothing.</summary>
    public RateUnit? Charged => route.Charged;

    /// <summary>How much of that it will take, as far as can be seen.</summary>
    public long Estimate => Charged == RateUnit.Rows
        ? UsageEstimate.Rows(Body.Kept)
        : UsageEstimate.Tokens(context.Request.ContentLength ?? Body.Kept.Length, Head, UsageEstimate.WritesText(route));

    /// <summary>Whether its answer is to be a stream of events.</summary>
    public bool AsksForStream => route.Body == RouteBody.IsStreamed || (route.Body == RouteBody.MayAskForStream && Head.Stream);

    /// <summary>What <c>Server-Timing</c> says of the time here; null when it was not held.</summary>
    public string? Timing => Held is not { } held ? null : string.Create(
        CultureInfo.InvariantCulture, $"gateway-hold;dur={held.TotalMilliseconds:0.###}, wake;dur={Woken.TotalMilliseconds:0.###}");

    private RequestHead Head => _head ??= RequestHead.Read(Body.Kept, Body.IsWhole);

    /// <summary>Awaits <paramref name="work"/>; a stream is not silent meanwhile.</summary>
    public Task<T> WhileAsync<T>(Task<T> work) => Events is null ? work : Events.WhileAsync(work);
}
