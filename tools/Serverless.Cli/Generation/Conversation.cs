using System.Text;
using System.Text.Json;
using Serverless.Cli.Api;

namespace Serverless.Cli.Generation;

/// <summary>What was said so far, and what comes next.</summary>
internal sealed class Conversation(ApiClient api, Func<object, Dictionary<string, object?>> toRequest, string? system)
{
    private readonly List<Message> _messages = Begin(system);

    /// <summary>Forgets everything but the system's instruction.</summary>
    public void Reset()
    {
        _messages.Clear();
        _messages.AddRange(Begin(system));
    }

    /// <summary>Says <paramref name="text"/> and hands on the answer piece by piece. An answer that is stopped stays as far as it came.</summary>
    /// <exception cref="ApiException">The API refused it; nothing was said then.</exception>
    public async Task SayAsync(string text, Action<string?> show, CancellationToken cancellationToken)
    {
        _messages.Add(new Message("user", text));
        var answer = new StringBuilder();
        try
        {
            await foreach (var chunk in api.StreamAsync("/v1/chat/completions", toRequest(_messages), cancellationToken))
            {
                foreach (var piece in ContentOf(chunk))
                {
                    answer.Append(piece);
                    show(piece);
                }
            }
        }
        finally
        {
            if (answer.Length > 0)
                _messages.Add(new Message("assistant", answer.ToString()));
            else
                _messages.RemoveAt(_messages.Count - 1);
        }
    }

    private static List<Message> Begin(string? system) => system is null ? [] : [new Message("system", system)];

    private static IEnumerable<string?> ContentOf(JsonElement chunk) =>
        chunk.GetProperty("choices").EnumerateArray()
            .Select(choice => choice.GetProperty("delta"))
            .Where(delta => delta.TryGetProperty("content", out _))
            .Select(delta => delta.GetProperty("content").GetString());
}
