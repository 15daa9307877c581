using System.Text.Json;
using Serverless.Contracts.Errors;
using Serverless.Inference.Generation.Text.Templates;
using Serverless.Inference.Generation.Text.Templates.Values;
using Serverless.Inference.Generation.Text.Tokenization;

namespace Serverless.Inference.Generation.Text.Chat;

/// <summary>
/// Renders conversations by the package's template. Control tokens are those that the template writes; in what came from the caller they
/// are plain text.
/// </summary>
internal sealed class TemplateChatEncoder(
    PackageTokenizer tokenizer,
    IReadOnlyDictionary<string, Template> templates,
    IReadOnlyDictionary<string, string> specialTokens,
    TimeProvider time) : ChatEncoder
{
    private const int MaxReason = 500;

    public override IReadOnlyList<int> Encode(JsonElement messages, JsonElement? tools) => tokenizer.Encode(Parts(Render(messages, tools)));

    /// <exception cref="InferenceException">The template refuses the conversation.</exception>
    internal TemplateText Render(JsonElement messages, JsonElement? tools)
    {
        var variables = specialTokens.ToDictionary(token => token.Key, token => (object?)TemplateText.Of(token.Value));
        variables["messages"] = Conversation.Messages(messages);
        variables["tools"] = Conversation.Tools(tools);
        variables["add_generation_prompt"] = true;
        var template = variables["tools"] is not null && templates.TryGetValue("tool_use", out var other) ? other : templates["default"];
        try
        {
            return template.Render(variables, time);
        }
        catch (TemplateRefusedException error)
        {
            throw Refused("The model's chat template refuses the conversation", error);
        }
        catch (TemplateException error)
        {
            throw Refused("The model's chat template cannot render the conversation", error);
        }
    }

    private static IEnumerable<(ReadOnlyMemory<char> Text, bool Special)> Parts(TemplateText text)
    {
        var start = 0;
        foreach (var range in text.FromCaller)
        {
            yield return (text.Text.AsMemory(start, range.Start - start), true);
            yield return (text.Text.AsMemory(range.Start, range.End - range.Start), false);
            start = range.End;
        }

        yield return (text.Text.AsMemory(start), true);
    }

    private static InferenceException Refused(string what, Exception error)
    {
        var reason = error.Message.Length > MaxReason ? error.Message[..MaxReason] : error.Message;
        return new InferenceException(ErrorKind.InvalidRequest, $"{what}: {reason}", "messages", error);
    }
}
