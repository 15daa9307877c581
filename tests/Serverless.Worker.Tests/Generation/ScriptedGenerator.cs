using System.Text.Json;
using Serverless.Inference.Execution;
using Serverless.Inference.Generation;
using Serverless.Inference.Generation.Constraints;

namespace Serverless.Worker.Tests.Generation;

/// <summary>A generator whose pieces come when a test says so: for what cannot be provoked with a real one.</summary>
internal sealed class ScriptedGenerator(Func<GenerationRequest, CancellationToken, TextGeneration> start) : TextGenerator
{
    public override int ContextLength => 64;

    public override int VocabularySize => 256;

    public override bool HasChatTemplate => true;

    public override IReadOnlyList<int> Encode(string text) => [.. text.Select(letter => (int)letter)];

    public override IReadOnlyList<int> EncodeChat(JsonElement messages, JsonElement? tools) => Encode(messages.GetRawText());

    public override string Decode(IReadOnlyList<int> tokens) => string.Concat(tokens.Select(token => (char)token));

    public override TokenConstraint Constrain(JsonElement? schema) => throw new NotSupportedException();

    public override TextGeneration Start(GenerationRequest request, RunTerms terms, CancellationToken cancellationToken) =>
        start(request, cancellationToken);
}
