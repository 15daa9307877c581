using System.Net;
using System.Text.Json;

namespace Serverless.Worker.Tests.OpenApi;

/// <summary>The document is kept by hand: what it says is held against the worker.</summary>
[Collection(WorkerCollection.Name)]
public sealed class OpenApiTests(WorkerFixture fixture)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Document_AndRoutes_NameTheSameOperations()
    {
        var document = await DocumentAsync();

        var documented = document.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(operation => $"{operation.Name.ToUpperInvariant()} {path.Name}"));
        // The gateway answers one of its own that the document has too.
        var routed = fixture.Worker.Routes
            .SelectMany(route => route.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Select(
                method => $"{method} /{route.RoutePattern.RawText!.TrimStart('/')}"))
            .Where(route => route.Contains(" /v", StringComparison.Ordinal) || route.EndsWith("/openapi.json", StringComparison.Ordinal));

        Assert.Equal(routed.Append("POST /v1/warm").Distinct().Order(StringComparer.Ordinal), documented.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Document_IsWellFormed()
    {
        var document = await DocumentAsync();

        Assert.StartsWith("3.1.", document.GetProperty("openapi").GetString(), StringComparison.Ordinal);
        var ids = new List<string>();
        foreach (var path in document.GetProperty("paths").EnumerateObject())
        {
            foreach (var operation in path.Value.EnumerateObject())
            {
                ids.Add(operation.Value.GetProperty("operationId").GetString()!);
                Assert.NotEmpty(operation.Value.GetProperty("responses").EnumerateObject());
                AssertPathParameters(document, path.Name, operation.Value);
            }
        }

        Assert.Equal(ids.Distinct(), ids);
        AssertReferences(document, document);
    }

    [Fact]
    public async Task Page_NeedsNoOtherHost()
    {
        var page = await fixture.Worker.Client.GetStringAsync("/scalar/", Token);

        Assert.Contains("openapi.json", page, StringComparison.Ordinal);
        Assert.DoesNotContain("https://", page, StringComparison.Ordinal);
        var scripts = page.Split("src=\"").Skip(1).Select(part => part.Split('"')[0]).ToList();
        Assert.NotEmpty(scripts);
        foreach (var script in scripts)
        {
            using var response = await fixture.Worker.Client.GetAsync(new Uri(new Uri("http://x/scalar/"), script).AbsolutePath, Token);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
    }

    private async Task<JsonElement> DocumentAsync()
    {
        var (response, document) = await fixture.Worker.GetAsync("/openapi.json");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return document;
    }

    private static void AssertPathParameters(JsonElement document, string path, JsonElement operation)
    {
        var parameters = operation.TryGetProperty("parameters", out var list) ? list.EnumerateArray().ToList() : [];
        var named = parameters
            .Select(parameter => parameter.TryGetProperty("$ref", out var reference) ? Resolve(document, reference.GetString()!) : parameter)
            .Where(parameter => parameter.GetProperty("in").GetString() == "path")
            .Select(parameter => $"{{{parameter.GetProperty("name").GetString()}}}");
        Assert.Equal(path.Split('/').Where(part => part.StartsWith('{')).Order(), named.Order());
    }

    private static void AssertReferences(JsonElement document, JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in element.EnumerateArray())
                AssertReferences(document, item);
        }
        else if (element.ValueKind == JsonValueKind.Object)
        {
            foreach (var property in element.EnumerateObject())
            {
                if (property.Name == "$ref")
                    Resolve(document, property.Value.GetString()!);
                AssertReferences(document, property.Value);
            }
        }
    }

    private static JsonElement Resolve(JsonElement document, string reference)
    {
        Assert.StartsWith("#/", reference, StringComparison.Ordinal);
        return reference[2..].Split('/').Aggregate(document, (element, name) => element.GetProperty(name));
    }
}
