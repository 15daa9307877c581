using Serverless.Inference.Generation;
using Serverless.Worker.Generation.Answers;

namespace Serverless.Worker.Generation.OpenInference;

/// <summary>A request to <c>generate</c> or <c>generate_stream</c>, against a model.</summary>
internal sealed class GenerateCall(GenerateDraft draft) : GenerationCall(draft)
{
    public override string StreamParameter => "generate_stream";

    public override IReadOnlyList<GenerationRequest> RequestsFor(TextGenerator generator) =>
        [RequestFor(generator.Encode(draft.TextInput!), generator) with { Logprobs = draft.Details ? 0 : null }];

    public override GenerationAnswer AnswerFrom(AnswerSource source) => new GenerateAnswer(draft, source);
}
