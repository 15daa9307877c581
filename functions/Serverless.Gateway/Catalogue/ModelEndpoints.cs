using Microsoft.AspNetCore.Http;
using Serverless.Contracts.Errors;
using Serverless.Contracts.Models;
using Serverless.Gateway.Authentication;
using Serverless.Gateway.Jobs;
using Serverless.Models.Catalog;
using Serverless.Models.Manifest;

namespace Serverless.Gateway.Catalogue;

/// <summary><c>GET /v1/models</c> and <c>/v1/models/MODEL</c>, from the store: who asks what there is must not wake a replica.</summary>
internal sealed class ModelEndpoints(ModelCatalog catalog)
{
    /// <param name="context">The request.</param>
    /// <param name="caller">Who sent it; sees the models that its key may use.</param>
    /// <param name="path">What comes after <c>/v1/models</c>.</param>
    public Task HandleAsync(HttpContext context, Caller caller, string[] path)
    {
        if (path.Length > 1)
            throw new InferenceException(ErrorKind.NotFound, "There is nothing at this path; the API's documentation lists its paths.");
        if (context.Request.Method != "GET")
            throw Methods.NotAllowed(context, "GET");
        return path is [var model] ? GetAsync(context, caller, ModelReference.Parse(model)) : ListAsync(context, caller);
    }

    private async Task ListAsync(HttpContext context, Caller caller)
    {
        var models = new List<ModelManifest>();
        foreach (var name in await catalog.GetModelsAsync(context.RequestAborted))
        {
            if (caller.MayUse(name) && await catalog.FindNewestAsync(name, context.RequestAborted) is { } newest)
                models.Add(newest);
        }

        await ListJson.AnswerAsync(context, json => ModelObject.WriteList(json, models));
    }

    private async Task GetAsync(HttpContext context, Caller caller, ModelReference model)
    {
        caller.Check(model);
        var manifest = await catalog.GetAsync(model, context.RequestAborted);
        await ListJson.AnswerAsync(context, json => ModelObject.Write(json, manifest, model.ToString()));
    }
}
