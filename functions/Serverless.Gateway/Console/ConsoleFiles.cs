using System.Collections.Frozen;
using System.Reflection;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Serverless.Contracts.Errors;

namespace Serverless.Gateway.Console;

/// <summary>The files of the console's page. They lie within the assembly: no path from outside reaches a file system.</summary>
internal sealed class ConsoleFiles
{
    private const string Prefix = "console/";

    private readonly FrozenDictionary<string, ConsoleFile> _files = Assembly.GetExecutingAssembly().GetManifestResourceNames()
        .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
        .ToFrozenDictionary(name => name[Prefix.Length..], Load, StringComparer.Ordinal);

    public IReadOnlyCollection<string> Names => _files.Keys;

    /// <exception cref="InferenceException"><see cref="ErrorKind.NotFound"/>.</exception>
    public Task AnswerAsync(HttpContext context, string name)
    {
        if (!_files.TryGetValue(name, out var file))
            throw new InferenceException(ErrorKind.NotFound, "The console has no such file.");
        var response = context.Response;
        response.Headers.ETag = file.ETag;
        // It is asked for each time, so that a page never meets another version's scripts; mostly the answer is 304.
        response.Headers.CacheControl = "private, no-cache";
        if (context.Request.Headers.IfNoneMatch.ToString() == file.ETag)
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        response.ContentType = file.ContentType;
        response.ContentLength = file.Content.Length;
        return context.Request.Method == "HEAD"
            ? Task.CompletedTask
            : response.Body.WriteAsync(file.Content, context.RequestAborted).AsTask();
    }

    private static ConsoleFile Load(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!;
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return new ConsoleFile(content, ContentTypeOf(name), $"\"{Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(..16))}\"");
    }

    private static string ContentTypeOf(string name) => Path.GetExtension(name) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".svg" => "image/svg+xml",
        var other => throw new NotSupportedException($"The console has no files of the type '{other}'."),
    };
}
