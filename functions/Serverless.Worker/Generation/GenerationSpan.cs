using System.Diagnostics;
using System.Runtime.CompilerServices;
using Serverless.Inference.Diagnostics;
using Serverless.Inference.Generation;
using Serverless.Models.Manifest;

namespace Serverless.Worker.Generation;

/// <summary>
/// The span of one request's texts, by OpenTelemetry's semantic conventions for generative AI: what was asked for and what came of it, never
/// the prompt nor the text.
/// </summary>
internal sealed class GenerationSpan
{
    private static readonly ActivitySource Source = new("Serverless.Generation");

    private readonly Activity _activity;
    private readonly SortedDictionary<int, string> _finishes = [];

    private GenerationSpan(Activity activity) => _activity = activity;

    /// <summary>Begins the span; null where the request is not sampled.</summary>
    /// <param name="asked">The model as the caller named it.</param>
    /// <param name="manifest">The model that answers.</param>
    /// <param name="request">The first of what is asked for; the others differ in their prompts.</param>
    public static GenerationSpan? Start(string asked, ModelManifest manifest, GenerationRequest request)
    {
        if (Activity.Current is not { Recorded: true })
            return null;
        var operation = GenAiNames.NameOf(request.Operation);
        if (Source.StartActivity($"{operation} {asked}") is not { } activity)
            return null;
        activity
            .SetTag(GenAiNames.Operation, operation)
            .SetTag(GenAiNames.ProviderName, GenAiNames.Provider)
            .SetTag(GenAiNames.RequestModel, asked)
            .SetTag(GenAiNames.ResponseModel, $"{manifest.Name}:{manifest.Version}")
            .SetTag(GenAiNames.Temperature, request.Sampling.Temperature)
            .SetTag(GenAiNames.TopP, request.Sampling.TopP);
        if (request.MaxTokens is { } most)
            activity.SetTag(GenAiNames.MaxTokens, most);
        if (request.Choices > 1)
            activity.SetTag(GenAiNames.ChoiceCount, request.Choices);
        return new GenerationSpan(activity);
    }

    /// <summary>The same pieces, looked at on their way.</summary>
    public async IAsyncEnumerable<GenerationPiece> FollowAsync(
        IAsyncEnumerable<GenerationPiece> pieces, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await using var all = pieces.GetAsyncEnumerator(cancellationToken);
        while (await NextAsync(all))
        {
            if (all.Current.Finish is { } finish)
                _finishes[all.Current.Choice] = GenAiNames.NameOf(finish);
            yield return all.Current;
        }
    }

    /// <summary>Notes why there is no more text.</summary>
    // Not the error's message, which may hold parts of the prompt.
    public void Fail(Exception error) => _activity.SetStatus(ActivityStatusCode.Error).SetTag("error.type", error.GetType().Name);

    /// <summary>Ends the span.</summary>
    public void End(GenerationUsage usage, TimeSpan queue)
    {
        _activity
            .SetTag(GenAiNames.InputTokens, usage.PromptTokens)
            .SetTag(GenAiNames.OutputTokens, usage.CompletionTokens)
            .SetTag("queue.ms", queue.TotalMilliseconds);
        if (_finishes.Count > 0)
            _activity.SetTag(GenAiNames.FinishReasons, _finishes.Values.ToArray());
        _activity.Dispose();
    }

    private async ValueTask<bool> NextAsync(IAsyncEnumerator<GenerationPiece> pieces)
    {
        try
        {
            return await pieces.MoveNextAsync();
        }
        catch (Exception error)
        {
            Fail(error);
            throw;
        }
    }
}
