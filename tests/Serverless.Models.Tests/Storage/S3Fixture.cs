using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Xml.Linq;
using Amazon.Runtime;
using Amazon.S3;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Serverless.Models.Storage;

namespace Serverless.Models.Tests.Storage;

/// <summary>A server that speaks as much of S3's protocol as model stores use, in this process, with conditions that hold.</summary>
public sealed class S3Fixture : IAsyncLifetime
{
    private static readonly XNamespace Xml = "http://s3.amazonaws.com/doc/2006-03-01/";
    private readonly ConcurrentDictionary<string, Stored> _objects = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private WebApplication? _server;

    /// <summary>A client of it.</summary>
    internal IAmazonS3 Client { get; private set; } = null!;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = null);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _server = builder.Build();
        _server.Run(AnswerAsync);
        await _server.StartAsync();
        Client = new AmazonS3Client(new BasicAWSCredentials("key", "secret"), S3Account.Configure(_server.Urls.First(), region: null));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (_server is not null)
            await _server.DisposeAsync();
    }

    private Task AnswerAsync(HttpContext context)
    {
        var path = Uri.UnescapeDataString(context.Request.Path.Value!).TrimStart('/');
        return context.Request.Method switch
        {
            "GET" when context.Request.Query.ContainsKey("list-type") => ListAsync(context, path.TrimEnd('/')),
            "GET" or "HEAD" => ReadAsync(context, path),
            "PUT" => WriteAsync(context, path),
            "DELETE" => DeleteAsync(context, path),
            _ => FailAsync(context, 501, "NotImplemented"),
        };
    }

    private async Task ReadAsync(HttpContext context, string path)
    {
        if (!_objects.TryGetValue(path, out var stored))
        {
            await FailAsync(context, 404, "NoSuchKey");
            return;
        }

        context.Response.Headers.ETag = stored.ETag;
        context.Response.Headers.LastModified = stored.Changed.ToString("R", CultureInfo.InvariantCulture);
        context.Response.ContentLength = stored.Content.Length;
        if (context.Request.Method == "GET")
            await context.Response.Body.WriteAsync(stored.Content);
    }

    private async Task WriteAsync(HttpContext context, string path)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var copied = context.Request.Headers["x-amz-copy-source"].ToString();
        Stored? source = null;
        if (copied.Length > 0 && !_objects.TryGetValue(Uri.UnescapeDataString(copied).TrimStart('/'), out source))
        {
            await FailAsync(context, 404, "NoSuchKey");
            return;
        }

        var stored = Stored.Of(source?.Content ?? body.ToArray());
        if (!TryPut(path, stored, context.Request.Headers.IfNoneMatch.ToString(), context.Request.Headers.IfMatch.ToString()))
        {
            await FailAsync(context, 412, "PreconditionFailed");
            return;
        }

        context.Response.Headers.ETag = stored.ETag;
        if (source is not null)
            await context.Response.WriteAsync(new XElement(Xml + "CopyObjectResult", new XElement(Xml + "ETag", stored.ETag)).ToString());
    }

    private bool TryPut(string path, Stored stored, string ifNoneMatch, string ifMatch)
    {
        lock (_lock)
        {
            var exists = _objects.TryGetValue(path, out var current);
            if ((ifNoneMatch == "*" && exists) || (ifMatch.Length > 0 && current?.ETag.Trim('"') != ifMatch.Trim('"')))
                return false;
            _objects[path] = stored;
            return true;
        }
    }

    private Task DeleteAsync(HttpContext context, string path)
    {
        _objects.TryRemove(path, out _);
        context.Response.StatusCode = 204;
        return Task.CompletedTask;
    }

    // Pages of two, so that every listing of any length goes through several.
    private Task ListAsync(HttpContext context, string bucket)
    {
        var query = context.Request.Query;
        var prefix = query["prefix"].ToString();
        var delimiter = query["delimiter"].ToString();
        var keys = _objects.Keys.Where(path => path.StartsWith($"{bucket}/{prefix}", StringComparison.Ordinal))
            .Select(path => path[(bucket.Length + 1)..]);
        var entries = keys.Select(key => delimiter.Length > 0 && key.IndexOf('/', prefix.Length) is var at and >= 0 ? key[..(at + 1)] : key)
            .Distinct().Order(StringComparer.Ordinal)
            .Where(entry => string.CompareOrdinal(entry, query["continuation-token"].ToString()) > 0).ToList();
        var page = entries.Take(2).ToList();
        var result = new XElement(
            Xml + "ListBucketResult",
            new XElement(Xml + "IsTruncated", entries.Count > page.Count),
            page.Select(entry => entry.EndsWith('/')
                ? new XElement(Xml + "CommonPrefixes", new XElement(Xml + "Prefix", entry))
                : Describe(bucket, entry)));
        if (entries.Count > page.Count)
            result.Add(new XElement(Xml + "NextContinuationToken", page[^1]));
        context.Response.ContentType = "application/xml";
        return context.Response.WriteAsync(result.ToString());
    }

    private XElement Describe(string bucket, string key)
    {
        var stored = _objects[$"{bucket}/{key}"];
        return new XElement(
            Xml + "Contents",
            new XElement(Xml + "Key", key),
            new XElement(Xml + "LastModified", stored.Changed.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)),
            new XElement(Xml + "ETag", stored.ETag),
            new XElement(Xml + "Size", stored.Content.Length));
    }

    private static Task FailAsync(HttpContext context, int status, string code)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/xml";
        return context.Request.Method == "HEAD"
            ? Task.CompletedTask
            : context.Response.WriteAsync(new XElement("Error", new XElement("Code", code), new XElement("Message", code)).ToString());
    }

    private sealed record Stored(byte[] Content, string ETag, DateTimeOffset Changed)
    {
        // With a dash, as that of an upload in parts: without one, clients take it for the content's MD5.
        public static Stored Of(byte[] content) =>
            new(content, $"\"{Convert.ToHexStringLower(SHA256.HashData(content))[..32]}-1\"", TimeProvider.System.GetUtcNow());
    }
}
