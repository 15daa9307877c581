using Serverless.Contracts.Models;
using Serverless.Inference.Onnx;
using Serverless.Inference.Onnx.Preparation;
using Serverless.Models.Manifest;
using Serverless.Models.Publishing;
using Serverless.Models.Storage;

namespace Serverless.Optimization.Partitioning;

/// <summary>
/// Publishes a partitioned model as one: later stages first, each as a version of a name of its own (<c>name.stage-2</c>), and last the
/// model, whose package is its first stage. A push that dies on the way leaves stages that no model names.
/// </summary>
public sealed class StagePublisher(IModelStore store)
{
    /// <summary>Prepares and publishes the stages of <paramref name="model"/>.</summary>
    /// <returns>The manifest of the whole.</returns>
    /// <exception cref="ModelRefusedException">It cannot be served in stages; the message says why.</exception>
    public async Task<ModelManifest> PublishAsync(
        PartitionedModel model, StagedDraft draft, IProgress<PublishProgress>? progress, CancellationToken cancellationToken)
    {
        var whole = OnnxSignature.Read(draft.Graph);
        Check(model, draft, whole);
        var stages = await PrepareAsync(model, draft, draft.Options, cancellationToken);
        try
        {
            if (!StageSignatures.Agree(stages, whole))
            {
                // A first dimension was freed in one stage and not in the next: as the graph has it, it fits.
                stages.ForEach(stage => stage.Dispose());
                stages = await PrepareAsync(model, draft, draft.Options with { MaxBatch = 1 }, cancellationToken);
            }

            return await PublishAsync(stages, draft, whole, progress, cancellationToken);
        }
        finally
        {
            stages.ForEach(stage => stage.Dispose());
        }
    }

    /// <summary>What the later stages of a model are called.</summary>
    /// <param name="model">The model's name.</param>
    /// <param name="number">The stage, from 2 on.</param>
    public static string NameOf(string model, int number) => $"{model}.stage-{number}";

    private static void Check(PartitionedModel model, StagedDraft draft, OnnxSignature whole)
    {
        if (draft.Options.Task == ModelTasks.TextGeneration || whole.Inputs.Any(input => input.Name.StartsWith("past_key_values.", StringComparison.Ordinal)))
            throw new ModelRefusedException("it generates text: its keys and values stay with one session, and cannot be served in stages");
        if (!ModelName.IsValid(NameOf(draft.Name, model.Stages.Count)))
            throw new ModelRefusedException($"'{NameOf(draft.Name, model.Stages.Count)}' cannot name a stage: names match {ModelName.Pattern}");
        if (draft.Places.Keys.FirstOrDefault(number => number < 2 || number > model.Stages.Count) is > 0 and var unknown)
            throw new ModelRefusedException($"it has no stage {unknown} that could be served elsewhere: those are 2 to {model.Stages.Count}");
    }

    private static async Task<List<PreparedGraph>> PrepareAsync(
        PartitionedModel model, StagedDraft draft, PreparationOptions options, CancellationToken cancellationToken)
    {
        var prepared = new List<PreparedGraph>();
        try
        {
            foreach (var stage in model.Stages)
            {
                // Padding to the longest text is proved where the tokens come in; later stages are models like any other.
                var own = options with { Task = prepared.Count == 0 ? draft.Options.Task : null, Samples = prepared.Count == 0 ? options.Samples : [] };
                prepared.Add(await GraphPreparation.RunAsync(stage.Graph, own, progress: null, cancellationToken));
            }

            return prepared;
        }
        catch
        {
            prepared.ForEach(stage => stage.Dispose());
            throw;
        }
    }

    private async Task<ModelManifest> PublishAsync(
        List<PreparedGraph> stages, StagedDraft draft, OnnxSignature whole, IProgress<PublishProgress>? progress, CancellationToken cancellationToken)
    {
        var publisher = new ModelPublisher(store);
        List<StageRecord> records = [RecordOf(stages[0])];
        for (var i = 1; i < stages.Count; i++)
        {
            var published = await publisher.PublishAsync(stages[i].ToDraft(NameOf(draft.Name, i + 1), []), progress, cancellationToken);
            records.Add(RecordOf(stages[i]) with
            {
                Package = new ModelReference(published.Name, published.Version).ToString(),
                Place = draft.Places.GetValueOrDefault(i + 1),
            });
        }

        var signature = StageSignatures.Whole(stages, whole);
        var model = stages[0].ToDraft(draft.Name, draft.Files) with
        {
            Task = draft.Options.Task,
            Inputs = signature.Inputs,
            Outputs = signature.Outputs,
            Stages = records,
        };
        return await publisher.PublishAsync(model, progress, cancellationToken);
    }

    private static StageRecord RecordOf(PreparedGraph stage) => new(stage.Batching.MaxBatch, stage.Signature.Inputs, stage.Signature.Outputs);
}
