using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Serverless.Contracts.Errors;
using Serverless.Gateway.Forwarding;
using Serverless.Gateway.Jobs;

namespace Serverless.Gateway.Authentication.Keys;

/// <summary><c>/v1/admin/keys</c>.</summary>
internal sealed class KeyEndpoints(KeyTable table, KeyRing ring, TimeProvider time)
{
    private const string Path = "/v1/admin/keys/";
    private const int MaxBody = 16 << 10;

    // How long a key that is rotated may live on at most.
    private static readonly TimeSpan LongestOverlap = TimeSpan.FromDays(30);

    public Task HandleAsync(HttpContext context, string[] path) => (context.Request.Method, path) switch
    {
        ("POST", []) => CreateAsync(context),
        ("GET", []) => ListAsync(context),
        (_, []) => throw Methods.NotAllowed(context, "GET, POST"),
        ("GET", [var id]) => ShowAsync(context, id),
        ("DELETE", [var id]) => RevokeAsync(context, id),
        (_, [_]) => throw Methods.NotAllowed(context, "GET, DELETE"),
        ("POST", [var id, "rotate"]) => RotateAsync(context, id),
        (_, [_, "rotate"]) => throw Methods.NotAllowed(context, "POST"),
        _ => throw new InferenceException(ErrorKind.NotFound, "There is nothing at this path."),
    };

    private async Task CreateAsync(HttpContext context)
    {
        context.Request.Body = new LimitedBody(context.Request.Body, MaxBody);
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var text = KeyText.New();
        var row = KeyRequest.Read(body.GetBuffer().AsSpan(0, (int)body.Length)).ToRow(KeyHash.Of(text), time.GetUtcNow());
        await AddAsync(context, row, text, context.RequestAborted);
    }

    /// <summary>A new key at once; the old one ends when the overlap is over.</summary>
    private async Task RotateAsync(HttpContext context, string id)
    {
        var overlap = OverlapOf(context.Request.Query["overlap_seconds"]);
        var old = await table.GetAsync(id, context.RequestAborted);
        var now = time.GetUtcNow();
        if (!old.IsValidAt(now))
            throw new InferenceException(ErrorKind.Conflict, "The key is no longer valid: create another one.");
        // Without a successor the rotation before this one was cut off half-way.
        if (old.ReplacedBy is { } successor && await table.FindAsync(successor, context.RequestAborted) is not null)
            throw new InferenceException(ErrorKind.Conflict, $"The key was rotated already, to '{successor}'.");
        var text = KeyText.New();
        var row = new ApiKeyRow
        {
            RowKey = KeyHash.Of(text).ToString(),
            Tenant = old.Tenant,
            Name = old.Name,
            Operations = old.Operations,
            Models = old.Models,
            CreatedAt = now,
            ExpiresAt = old.ExpiresAt is { } end ? now + (end - old.CreatedAt) : null,
        };
        old.ReplacedBy = row.Id;
        old.ExpiresAt = old.ExpiresAt < now + overlap ? old.ExpiresAt : now + overlap;

        // The old one first: of two rotations at once one fails here, before it made a key.
        await table.ChangeAsync(old, context.RequestAborted);
        await AddAsync(context, row, text, CancellationToken.None);
    }

    private async Task AddAsync(HttpContext context, ApiKeyRow row, string text, CancellationToken cancellationToken)
    {
        await table.AddAsync(row, cancellationToken);
        ring.Invalidate();
        context.Response.StatusCode = StatusCodes.Status201Created;
        context.Response.Headers.Location = Path + row.Id;
        context.Response.Headers.CacheControl = "no-store";
        await ListJson.AnswerAsync(context, json => Write(json, row, text));
    }

    private async Task RevokeAsync(HttpContext context, string id)
    {
        var row = await table.GetAsync(id, context.RequestAborted);
        if (row.RevokedAt is null)
        {
            row.RevokedAt = time.GetUtcNow();
            await table.ChangeAsync(row, context.RequestAborted);
            ring.Invalidate();
        }

        await ListJson.AnswerAsync(context, json => Write(json, row));
    }

    private async Task ShowAsync(HttpContext context, string id)
    {
        var row = await table.GetAsync(id, context.RequestAborted);
        await ListJson.AnswerAsync(context, json => Write(json, row));
    }

    private async Task ListAsync(HttpContext context)
    {
        var rows = await table.ListAsync(context.RequestAborted);
        rows.Sort((a, b) => (a.Tenant, a.CreatedAt).CompareTo((b.Tenant, b.CreatedAt)));
        await ListJson.AnswerPageAsync(context, rows, hasMore: false, row => row.Id, (json, row) => Write(json, row));
    }

    private static TimeSpan OverlapOf(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return TimeSpan.FromDays(1);
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds <= LongestOverlap.TotalSeconds
            ? TimeSpan.FromSeconds(seconds)
            : throw new InferenceException(
                ErrorKind.InvalidRequest, $"'overlap_seconds' must be from 0 to {LongestOverlap.TotalSeconds}.", "overlap_seconds");
    }

    /// <summary>Writes a key; <paramref name="text"/>, the key itself, once in its life.</summary>
    private void Write(Utf8JsonWriter json, ApiKeyRow row, string? text = null)
    {
        json.WriteStartObject();
        json.WriteString("id", row.Id);
        json.WriteString("object", "api_key");
        if (text is not null)
            json.WriteString("key", text);
        json.WriteString("tenant", row.Tenant);
        json.WriteString("name", row.Name);
        WriteList(json, "operations", row.Operations);
        WriteList(json, "models", row.Models);
        json.WriteString("status", row.RevokedAt is not null ? "revoked" : row.IsValidAt(time.GetUtcNow()) ? "valid" : "expired");
        json.WriteNumber("created_at", row.CreatedAt.ToUnixTimeSeconds());
        WriteTime(json, "expires_at", row.ExpiresAt);
        WriteTime(json, "revoked_at", row.RevokedAt);
        json.WriteString("replaced_by", row.ReplacedBy);
        json.WriteEndObject();
    }

    private static void WriteTime(Utf8JsonWriter json, string name, DateTimeOffset? time)
    {
        if (time is { } value)
            json.WriteNumber(name, value.ToUnixTimeSeconds());
        else
            json.WriteNull(name);
    }

    private static void WriteList(Utf8JsonWriter json, string name, string values)
    {
        json.WriteStartArray(name);
        foreach (var value in values.Split(','))
            json.WriteStringValue(value);
        json.WriteEndArray();
    }
}
