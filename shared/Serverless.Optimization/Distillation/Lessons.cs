using System.Security.Cryptography;
using System.Text;
using Serverless.Inference.Embeddings;
using Serverless.Inference.Onnx;
using Serverless.Inference.Onnx.Preparation;
using Serverless.Optimization.Calibration;
using Serverless.Optimization.Candidates;
using Serverless.Optimization.Evaluation;
using Serverless.Optimization.Graphs;

namespace Serverless.Optimization.Distillation;

/// <summary>What a student learns from.</summary>
/// <param name="Rows">Texts as the model's inputs, each alone.</param>
/// <param name="Hash">SHA-256 of the texts, one on each line.</param>
public sealed record Lessons(IReadOnlyList<SampleRow> Rows, string Hash)
{
    /// <summary>The most texts that are taken.</summary>
    public const int MaxTexts = 2000;

    private const int MinTexts = 20;

    /// <summary>Texts that it will not be measured on.</summary>
    /// <exception cref="ArgumentException">Too few are left.</exception>
    /// <exception cref="ModelRefusedException">The model is no text embedder.</exception>
    internal static async Task<Lessons> PrepareAsync(
        CandidateSource source, ModelGraph model, CandidateTerms terms, CancellationToken cancellationToken)
    {
        string[] texts = [.. terms.TrainingTexts.Except(terms.References.Texts).Take(MaxTexts)];
        if (texts.Length < MinTexts)
        {
            throw new ArgumentException(
                $"A student is trained on {MinTexts} texts or more that it is not measured on, and {texts.Length} were given (--training FILE).");
        }

        await using var parent = await ServedVersion.StartAsync(source.Store, source.Parent.Name, source.Parent.Version, cancellationToken);
        var embedder = parent.Lease.Embedder ?? throw new ModelRefusedException("distill makes students of text embedders, and it is none");
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', texts))));
        return new Lessons([.. texts.Select(text => TokenRow.Of(model.Graph, embedder.Encode(new EmbeddingInput(text, null, "text"))))], hash);
    }
}
