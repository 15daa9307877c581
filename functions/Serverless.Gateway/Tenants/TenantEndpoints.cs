using Microsoft.AspNetCore.Http;
using Serverless.Contracts.Errors;
using Serverless.Gateway.Forwarding;
using Serverless.Gateway.Jobs;

namespace Serverless.Gateway.Tenants;

/// <summary><c>/v1/admin/tenants</c>: the limits of tenants. A tenant is there as soon as somebody names it.</summary>
internal sealed class TenantEndpoints(TenantTable table, LimitBook book)
{
    private const int MaxBody = 4 << 10;
    private const int LongestName = 128;

    public Task HandleAsync(HttpContext context, string[] path) => (context.Request.Method, path) switch
    {
        ("GET", []) => ListAsync(context),
        (_, []) => throw Methods.NotAllowed(context, "GET"),
        ("GET", [var name]) => ShowAsync(context, NameOf(name)),
        ("PUT", [var name]) => SetAsync(context, NameOf(name)),
        ("DELETE", [var name]) => ResetAsync(context, NameOf(name)),
        (_, [_]) => throw Methods.NotAllowed(context, "GET, PUT, DELETE"),
        _ => throw new InferenceException(ErrorKind.NotFound, "There is nothing at this path."),
    };

    private async Task ListAsync(HttpContext context)
    {
        var rows = await table.ListAsync(context.RequestAborted);
        rows.Sort((a, b) => string.CompareOrdinal(a.Tenant, b.Tenant));
        await ListJson.AnswerPageAsync(
            context, rows, hasMore: false, row => row.Tenant, (json, row) => TenantJson.Write(json, row.Tenant, row, HoldsFor(row.Tenant, row)));
    }

    private async Task ShowAsync(HttpContext context, string tenant) =>
        await AnswerAsync(context, tenant, await table.FindAsync(tenant, context.RequestAborted));

    private async Task SetAsync(HttpContext context, string tenant)
    {
        context.Request.Body = new LimitedBody(context.Request.Body, MaxBody);
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var row = TenantRequest.Read(body.GetBuffer().AsSpan(0, (int)body.Length)).ToRow(tenant);
        await table.SetAsync(row, context.RequestAborted);
        book.Invalidate();
        await AnswerAsync(context, tenant, row);
    }

    private async Task ResetAsync(HttpContext context, string tenant)
    {
        await table.DeleteAsync(tenant, context.RequestAborted);
        book.Invalidate();
        await AnswerAsync(context, tenant, row: null);
    }

    private Task AnswerAsync(HttpContext context, string tenant, TenantRow? row) =>
        ListJson.AnswerAsync(context, json => TenantJson.Write(json, tenant, row, HoldsFor(tenant, row)));

    private TenantLimits HoldsFor(string tenant, TenantRow? row) => row is null ? book.Configured(tenant) : row.Over(book.Configured(tenant));

    private static string NameOf(string segment)
    {
        // The one character that a path keeps encoded.
        var name = segment.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
        return !string.IsNullOrWhiteSpace(name) && name.Length <= LongestName && !name.Any(char.IsControl)
            ? name
            : throw new InferenceException(ErrorKind.InvalidRequest, $"A tenant's name has 1 to {LongestName} characters.", "tenant");
    }
}
