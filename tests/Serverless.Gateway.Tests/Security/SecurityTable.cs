namespace Serverless.Gateway.Tests.Security;

/// <summary>
/// Every endpoint that asks who calls. Without a valid key or token each of them answers 401; those that ask nobody are <see cref="Open"/>.
/// </summary>
internal static class SecurityTable
{
    private const string Chat = """{"model":"small","messages":[]}""";
    private const string Input = """{"model":"small","input":"a"}""";
    private const string Lines = """{"input_file_id":"{file}","endpoint":"/v1/embeddings","completion_window":"24h"}""";
    private const string Later = "Prefer: respond-async";

    public static IReadOnlyList<SecurityRow> Rows { get; } =
    [
        new("open-inference", "GET /v2", null, 200, 200, 200, 200, 200),
        new("open-inference", "GET /v2/nothing", null, 404, 404, 404, 404, 404),
        new("open-inference", "GET /v2/models/small", null, 200, 403, 200, 200, 200),
        new("open-inference", "GET /v2/models/small/ready", null, 200, 403, 200, 200, 200),
        new("open-inference", "GET /v2/models/small/stats", null, 200, 403, 200, 200, 200),
        new("open-inference", "POST /v2/models/small/infer", "{}", 403, 403, 200, 200, 200),
        new("open-inference", "POST /v2/models/small/infer", "{}", 403, 403, 202, 202, 202, Later),
        new("open-inference", "POST /v2/models/small/generate", "{}", 403, 403, 200, 200, 200),
        new("open-inference", "POST /v2/models/small/generate_stream", "{}", 403, 403, 200, 200, 200),
        new("open-inference", "GET /v2/models/small/versions/1", null, 200, 403, 200, 200, 200),
        new("open-inference", "GET /v2/models/small/versions/1/ready", null, 200, 403, 200, 200, 200),
        new("open-inference", "GET /v2/models/small/versions/1/stats", null, 200, 403, 200, 200, 200),
        new("open-inference", "POST /v2/models/small/versions/1/infer", "{}", 403, 403, 200, 200, 200),
        new("open-inference", "POST /v2/models/small/versions/1/infer", "{}", 403, 403, 202, 202, 202, Later),
        new("open-inference", "POST /v2/models/small/versions/1/generate", "{}", 403, 403, 200, 200, 200),
        new("open-inference", "POST /v2/models/small/versions/1/generate_stream", "{}", 403, 403, 200, 200, 200),
        new("open-inference", "POST /v2/repository/index", "{}", 403, 403, 403, 403, 200),
        new("open-inference", "POST /v2/repository/models/small/load", "{}", 403, 403, 403, 403, 200),
        new("open-inference", "POST /v2/repository/models/small/unload", "{}", 403, 403, 403, 403, 200),
        // Not a way round the check: nothing of an operator's is done later.
        new("open-inference", "POST /v2/repository/models/small/unload", "{}", 403, 404, 404, 404, 404, Later),
        new("open-inference", "GET /v2/repository/models/small/settings", null, 403, 403, 403, 403, 200),
        new("open-inference", "PATCH /v2/repository/models/small/settings", "{}", 403, 403, 403, 403, 200),
        new("open-inference", "GET /v2/repository/models/small/shadow", null, 403, 403, 403, 403, 200),
        new("models", "GET /v1/models", null, 200, 200, 200, 200, 200),
        new("models", "GET /v1/models/small", null, 200, 403, 200, 200, 200),
        new("openai", "GET /v1/nothing", null, 404, 404, 404, 404, 404),
        new("openai", "POST /v1/embeddings", Input, 403, 403, 200, 200, 200),
        new("openai", "POST /v1/embeddings", Input, 403, 403, 202, 202, 202, Later),
        new("openai", "POST /v1/completions", Chat, 403, 403, 200, 200, 200),
        new("openai", "POST /v1/completions", Chat, 403, 403, 202, 202, 202, Later),
        new("openai", "POST /v1/chat/completions", Chat, 403, 403, 200, 200, 200),
        new("openai", "POST /v1/chat/completions", Chat, 403, 403, 202, 202, 202, Later),
        new("openapi", "GET /openapi.json", null, 200, 200, 200, 200, 200),
        new("openapi-page", "GET /scalar", null, 200, 200, 200, 200, 200),
        new("openapi-page", "GET /scalar/scalar.js", null, 200, 200, 200, 200, 200),
        new("files", "GET /v1/files", null, 200, 200, 200, 200, 200),
        new("files", "GET /v1/files/{file}", null, 200, 200, 200, 404, 404),
        new("files", "GET /v1/files/{file}/content", null, 200, 200, 200, 404, 404),
        new("files", "DELETE /v1/files/{file}", null, 403, 200, 200, 404, 404),
        new("files", "POST /v1/files", "{}", 403, 415, 415, 415, 415),
        new("batches", "GET /v1/batches", null, 200, 200, 200, 200, 200),
        new("batches", "GET /v1/batches/{batch}", null, 200, 200, 200, 404, 404),
        new("batches", "POST /v1/batches", Lines, 403, 200, 200, 400, 400),
        new("batches", "POST /v1/batches/{batch}/cancel", null, 403, 200, 200, 404, 404),
        // None of its shards failed, as only the tenant is told.
        new("batches", "POST /v1/batches/{batch}/redrive", null, 403, 409, 409, 404, 404),
        new("async", "GET /v1/async/operations/{operation}", null, 200, 200, 200, 404, 404),
        new("async", "DELETE /v1/async/operations/{operation}", null, 403, 200, 200, 404, 404),
        new("async", "POST /v1/async/operations/{operation}/cancel", null, 403, 200, 200, 404, 404),
        new("async", "POST /v1/async/embeddings", Input, 403, 403, 202, 202, 202),
        new("async", "POST /v1/async/completions", Chat, 403, 403, 202, 202, 202),
        new("async", "POST /v1/async/chat/completions", Chat, 403, 403, 202, 202, 202),
        new("async", "POST /v1/async/v2/models/small/infer", "{}", 403, 403, 202, 202, 202),
        new("async", "POST /v1/async/v2/models/small/versions/1/infer", "{}", 403, 403, 202, 202, 202),
        new("async", "POST /v1/async/v2/repository/models/small/unload", "{}", 403, 404, 404, 404, 404),
        new("costs", "GET /v1/costs", null, 200, 200, 200, 200, 200),
        new("console", "GET /console", null, 308, 308, 308, 308, 308),
        new("console", "GET /console/", null, 200, 200, 200, 200, 200),
        new("console", "HEAD /console/", null, 200, 200, 200, 200, 200),
        new("console", "GET /console/main.js", null, 200, 200, 200, 200, 200),
        new("console", "GET /console/nothing.js", null, 404, 404, 404, 404, 404),
        new("console", "GET /console/models", null, 200, 200, 200, 200, 200),
        new("console", "GET /console/session", null, 403, 403, 403, 403, 403),
        new("console", "GET /console/session", null, 200, 200, 200, 200, 200, "x-inference-console: 1"),
        new("warm", "POST /v1/warm", "{}", 403, 403, 403, 403, 200),
        new("metrics", "GET /metrics", null, 403, 403, 403, 403, 200),
        new("job-maintenance", "POST /maintenance", null, 403, 403, 403, 403, 200),
        new("tenant-keys", "GET /v1/admin/keys", null, 403, 403, 403, 403, 200),
        new("tenant-keys", "POST /v1/admin/keys", "{}", 403, 403, 403, 403, 400),
        new("tenant-keys", "GET /v1/admin/keys/key_none", null, 403, 403, 403, 403, 404),
        new("tenant-keys", "DELETE /v1/admin/keys/key_none", null, 403, 403, 403, 403, 404),
        new("tenant-keys", "POST /v1/admin/keys/key_none/rotate", null, 403, 403, 403, 403, 404),
        new("tenants", "GET /v1/admin/tenants", null, 403, 403, 403, 403, 200),
        new("tenants", "GET /v1/admin/tenants/none", null, 403, 403, 403, 403, 200),
        new("tenants", "PUT /v1/admin/tenants/none", "{}", 403, 403, 403, 403, 400),
        new("tenants", "DELETE /v1/admin/tenants/none", null, 403, 403, 403, 403, 200),
        new("audit", "GET /v1/admin/audit", null, 403, 403, 403, 403, 200),
    ];

    /// <summary>Functions that answer anybody.</summary>
    public static IReadOnlyList<string> Open { get; } =
        ["health-live", "health-ready", "open-inference-health-live", "open-inference-health-ready"];
}
