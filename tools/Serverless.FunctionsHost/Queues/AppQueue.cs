using Azure;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using Serverless.FunctionsHost.Settings;

namespace Serverless.FunctionsHost.Queues;

/// <summary>
/// A storage queue in the app's message encoding. Text is encoded and decoded here, not by the client: its own decoding fails a
/// whole receive for one bad message.
/// </summary>
internal sealed class AppQueue(QueueClient client, QueueMessageFormat format)
{
    public string Name => client.Name;

    public QueueMessageFormat Format => format;

    public async Task SendAsync(BinaryData body, CancellationToken cancellationToken) =>
        await SendRawAsync(
            format == QueueMessageFormat.Base64 ? Convert.ToBase64String(body.ToMemory().Span) : body.ToString(), cancellationToken);

    /// <summary>Sends text as it is, creating the queue when it is missing.</summary>
    public async Task SendRawAsync(string text, CancellationToken cancellationToken)
    {
        try
        {
            await client.SendMessageAsync(text, cancellationToken);
        }
        catch (RequestFailedException e) when (e.ErrorCode == QueueErrorCode.QueueNotFound)
        {
            await CreateAsync(cancellationToken);
            await client.SendMessageAsync(text, cancellationToken);
        }
    }

    public Task CreateAsync(CancellationToken cancellationToken) => client.CreateIfNotExistsAsync(cancellationToken: cancellationToken);

    public async Task<QueueMessage[]> ReceiveAsync(int count, TimeSpan lease, CancellationToken cancellationToken) =>
        (await client.ReceiveMessagesAsync(count, lease, cancellationToken)).Value;

    public async Task<string> HideAsync(string id, string popReceipt, TimeSpan visibility, CancellationToken cancellationToken)
    {
        // Without a text the message keeps its own.
        var receipt = await client.UpdateMessageAsync(id, popReceipt, visibilityTimeout: visibility, cancellationToken: cancellationToken);
        return receipt.Value.PopReceipt;
    }

    public Task DeleteAsync(string id, string popReceipt, CancellationToken cancellationToken) =>
        client.DeleteMessageAsync(id, popReceipt, cancellationToken);

    /// <summary>The message's content, or null when its text is not in the queue's encoding.</summary>
    public BinaryData? Decode(string text)
    {
        if (format == QueueMessageFormat.None) return BinaryData.FromString(text);
        var bytes = new byte[text.Length / 4 * 3 + 3];
        return Convert.TryFromBase64String(text, bytes, out var count) ? BinaryData.FromBytes(bytes.AsMemory(0, count)) : null;
    }
}
