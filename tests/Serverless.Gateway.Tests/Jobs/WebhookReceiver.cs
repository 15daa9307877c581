using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Serverless.Gateway.Tests.Jobs;

/// <summary>Somebody who is told by webhooks, signed with <see cref="JobsFixture.WebhookSecret"/>, and keeps what he is told.</summary>
internal sealed class WebhookReceiver : IAsyncDisposable
{
    private readonly List<Hook> _hooks = [];
    private ScriptedWorker? _server;

    public IReadOnlyList<Hook> Hooks => _hooks;

    public string Url => _server!.Url + "hook";

    /// <summary>Starts to listen.</summary>
    /// <param name="statusOf">The status of the answer to the n-th webhook, from 1; 200 unless given.</param>
    public static async Task<WebhookReceiver> StartAsync(Func<int, int>? statusOf = null)
    {
        var receiver = new WebhookReceiver();
        receiver._server = await ScriptedWorker.StartAsync(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            receiver._hooks.Add(new Hook(context.Request.Headers, await reader.ReadToEndAsync()));
            context.Response.StatusCode = statusOf?.Invoke(receiver._hooks.Count) ?? StatusCodes.Status200OK;
        });
        return receiver;
    }

    public ValueTask DisposeAsync() => _server!.DisposeAsync();

    /// <summary>One webhook as it came.</summary>
    internal sealed class Hook(IHeaderDictionary headers, string body)
    {
        public string Id { get; } = headers["webhook-id"].ToString();

        public string Signature { get; } = headers["webhook-signature"].ToString();

        /// <summary>What the signature must be.</summary>
        public string Expected { get; } = "v1," + Convert.ToBase64String(HMACSHA256.HashData(
            Encoding.UTF8.GetBytes(JobsFixture.WebhookSecret), Encoding.UTF8.GetBytes($"{headers["webhook-id"]}.{headers["webhook-timestamp"]}.{body}")));

        public JsonElement Body { get; } = JsonElement.Parse(body);

        public string Type => JobApi.Text(Body, "type");

        public string Subject => JobApi.Text(Body.GetProperty("data"), "id");
    }
}
