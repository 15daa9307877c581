namespace Serverless.Worker.OpenInference;

/// <summary>
/// Takes inference requests before routing does: they are nearly all there is, and matching, route values and an endpoint's delegates would
/// cost a small model's request a tenth of its time.
/// </summary>
internal sealed class InferPath(RequestDelegate next, InferHandler handler, IServiceProvider services)
{
    private const string Start = "/v2/models/";
    private const string End = "/infer";
    private const string Versions = "/versions/";

    public Task InvokeAsync(HttpContext context)
    {
        var path = context.Request.Path.Value;
        if (path is null || !HttpMethods.IsPost(context.Request.Method) || !TryParse(path, out var name, out var version))
            return next(context);
        // What serving asks for are singletons: a scope, which the first look would open, is 2 % of a small model's request.
        context.RequestServices = services;
        return handler.ServeAsync(context, ModelPath.Reference(name, version));
    }

    /// <summary>Takes <c>/v2/models/NAME[/versions/N]/infer</c> apart.</summary>
    public static bool TryParse(string path, out string name, out string? version)
    {
        name = string.Empty;
        version = null;
        if (path.Length <= Start.Length + End.Length
            || !path.StartsWith(Start, StringComparison.Ordinal)
            || !path.EndsWith(End, StringComparison.Ordinal))
        {
            return false;
        }

        var middle = path.AsSpan(Start.Length, path.Length - Start.Length - End.Length);
        var slash = middle.IndexOf('/');
        if (slash >= 0)
        {
            if (!middle[slash..].StartsWith(Versions, StringComparison.Ordinal) || middle[(slash + Versions.Length)..].Contains('/'))
                return false;
            version = middle[(slash + Versions.Length)..].ToString();
            middle = middle[..slash];
        }

        name = middle.ToString();
        return name.Length > 0 && version != string.Empty;
    }
}
