using System.Globalization;
using Serverless.Inference;
using Serverless.Inference.Onnx;
using Serverless.Models.Storage;
using Serverless.Optimization.Candidates;
using Serverless.Optimization.Passes;
using Spectre.Console;
using Spectre.Console.Cli;

namespace Serverless.Cli.Models.Optimization;

/// <summary>
/// <c>infer model optimize MODEL --pass int8</c>: makes a smaller version of a model, holds it against the one that it was made from and
/// publishes it only if it is good enough.
/// </summary>
internal sealed class ModelOptimizeCommand(IAnsiConsole console) : AsyncCommand<OptimizeSettings>
{
    public override async Task<int> ExecuteAsync(CommandContext context, OptimizeSettings settings, CancellationToken cancellationToken)
    {
        LocalEngine.PrepareThreads();
        var terms = settings.ReadTerms();
        var store = settings.Open();
        var parent = await VersionLookup.FindAsync(store, settings.Model, cancellationToken);
        var combinations = settings.ReadPasses(parent);
        using var sample = settings.Graph is null && SampleDraft.Names.Contains(parent.Name) ? SampleDraft.Of(parent.Name) : null;
        using var source = await CandidateSource.OpenAsync(store, parent, settings.Graph ?? sample?.Source.Graph, cancellationToken);
        source.Made = settings.Candidate is { } graph ? MadeGraph.Read(graph) : null;
        var candidates = new List<Candidate>();
        try
        {
            foreach (var passes in combinations)
            {
                if (await MakeAsync(source, passes, terms, settings.Search, cancellationToken) is { } made)
                    candidates.Add(made);
            }

            if (settings.Search)
                Compare(settings, parent.Name, candidates);
            else if (settings.Plot is { } plot)
                LossPlot.Save(candidates[0].Losses, parent.Name, plot);
            return await SettleAsync(settings, store, candidates, cancellationToken);
        }
        finally
        {
            candidates.ForEach(candidate => candidate.Dispose());
        }
    }

    // In a search, what this model cannot be made into is left out.
    private async Task<Candidate?> MakeAsync(
        CandidateSource source, IReadOnlyList<PassStep> passes, CandidateTerms terms, bool isSearch, CancellationToken cancellationToken)
    {
        var name = source.Made is { } begun ? string.Join(" + ", [begun.Record.Name, .. passes]) : string.Join(" + ", passes);
        try
        {
            return await console.Status().StartAsync(Markup.Escape(name), status => Candidate.MakeAsync(
                source, passes, terms, new StageStatus(status, name), cancellationToken));
        }
        catch (ModelRefusedException refused) when (isSearch)
        {
            console.MarkupLineInterpolated($"[yellow]{name}: {refused.Message}[/]");
            return null;
        }
    }

    private void Compare(OptimizeSettings settings, string model, List<Candidate> candidates)
    {
        if (candidates.Count == 0)
            throw new ModelRefusedException("none of the candidates that were tried can be made of it");
        console.Write(ParetoTable.Of(candidates));
        if (settings.Plot is { } path)
            ParetoPlot.Save(candidates, model, path);
    }

    private async Task<int> SettleAsync(
        OptimizeSettings settings, IModelStore store, List<Candidate> candidates, CancellationToken cancellationToken)
    {
        var best = candidates.Where(candidate => candidate.IsAccepted).MinBy(candidate => FigureTable.PackedSize(candidate.Lineage))
            ?? candidates.MinBy(candidate => candidate.Lineage.Figures.Count(figure => !figure.IsMet))!;
        var parent = best.Lineage.Parent.ToString(CultureInfo.InvariantCulture);
        console.MarkupLineInterpolated($"[bold]{PassText.Of(best.Lineage.Passes)}[/] against version {parent}, on {best.Lineage.References}");
        foreach (var pass in best.Lineage.Passes)
            console.MarkupLineInterpolated($"{pass.Name}: {pass.Report}");
        console.MarkupLineInterpolated($"batching: {best.Batching.Reason}");
        console.Write(FigureTable.Of(best.Lineage.Figures));
        if (settings.DryRun)
        {
            console.MarkupLineInterpolated($"{(best.IsAccepted ? "It would be accepted." : "It would be refused.")}");
            return best.IsAccepted ? 0 : 1;
        }

        return best.IsAccepted
            ? await PublishAsync(settings, store, best, cancellationToken)
            : await RefuseAsync(best, cancellationToken);
    }

    private async Task<int> PublishAsync(OptimizeSettings settings, IModelStore store, Candidate candidate, CancellationToken cancellationToken)
    {
        var manifest = await candidate.PublishAsync(cancellationToken);
        console.MarkupLineInterpolated($"[green]Published {manifest.Name}:{manifest.Version}[/]");
        if (settings.Alias is { } alias)
        {
            await store.SetAliasAsync(manifest.Name, alias, manifest.Version, expectedETag: null, cancellationToken);
            console.MarkupLineInterpolated($"{manifest.Name}:{alias} → {manifest.Version}");
        }

        return 0;
    }

    private async Task<int> RefuseAsync(Candidate candidate, CancellationToken cancellationToken)
    {
        var missed = candidate.Lineage.Figures.Where(figure => !figure.IsMet).Select(FigureTable.Describe);
        var number = await candidate.RejectAsync(cancellationToken);
        console.MarkupLineInterpolated($"[red]Refused: {string.Join("; ", missed)}.[/] Nothing was published; report {number} is kept beside the versions.");
        return 1;
    }
}
