using System.Diagnostics;
using TinyLm.Corpus;

namespace TinyLm.Training;

/// <summary>Trains a decoder until its time is over or it is stopped; it can be gone on with later.</summary>
internal sealed class Trainer(TrainingPlan plan, TrainingText text, TrainingState state, Teacher? teacher = null)
{
    private const int MeasuredSequences = 64;

    private static readonly TimeSpan ReportEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MeasureEvery = TimeSpan.FromSeconds(60);

    private readonly GradientBatch _batch = new(state.Weights.Shape, plan, text, teacher);
    private double _loss;
    private TimeSpan? _reported;
    private TimeSpan _measured = state.Spent;

    /// <param name="report">Told about once a second.</param>
    /// <param name="save">Called after each measurement and at the end.</param>
    /// <param name="cancellationToken">Ends the training after a step.</param>
    /// <returns>Whether the training is complete.</returns>
    public bool Run(Action<TrainingReport> report, Action save, CancellationToken cancellationToken)
    {
        while (state.Progress(plan) < 1 && !cancellationToken.IsCancellationRequested)
        {
            var start = Stopwatch.GetTimestamp();
            var rate = Step();
            state.Step++;
            state.Spent += Stopwatch.GetElapsedTime(start);
            if (state.Spent - _measured >= MeasureEvery || state.Step % plan.MeasureEverySteps == 0)
            {
                _measured = state.Spent;
                Measure();
                save();
            }

            if (_reported is not { } last || state.Spent - last >= ReportEvery)
            {
                _reported = state.Spent;
                report(new TrainingReport(state.Progress(plan), state.Step, state.Spent, _loss, rate, state.Losses));
            }
        }

        Measure();
        save();
        return state.Progress(plan) >= 1;
    }

    private float Step()
    {
        var progress = state.Progress(plan);
        var rate = plan.RateAt(progress);
        var (loss, norm) = _batch.Run(state.Weights, state.Step, plan.LengthAt(progress));
        AdamW.Update(state, _batch.Gradient, (float)Math.Min(1, plan.ClipNorm / norm), rate, plan.WeightDecay);

        // Over about fifty batches, so that a curve can be seen.
        _loss = _loss == 0 ? loss : (0.98 * _loss) + (0.02 * loss);
        return rate;
    }

    private void Measure()
    {
        if (state.Losses.Count > 0 && state.Losses[^1].Step == state.Step)
            return;
        var heldOut = HeldOutLoss.Measure(state.Weights, text.HeldOut, plan.ShortLength, MeasuredSequences);
        state.Losses.Add(new LossPoint(state.Step, _loss, heldOut));
    }
}
