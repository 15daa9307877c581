namespace Serverless.Inference.Generation.Sampling;

/// <summary>
/// Chooses the tokens of a step's rows on all cores: with a vocabulary of 50,000, 16 rows drawn one after the other were 4 % of their step
/// (114 million parameters, two cores), in which the runtime's own threads have nothing to do.
/// </summary>
internal static class RowsAtOnce
{
    // Below, handing rows over costs as much as it saves.
    private const int Least = 4;

    private static readonly ParallelOptions AllCores = new() { MaxDegreeOfParallelism = Environment.ProcessorCount };

    /// <summary>Calls <paramref name="choose"/> for each row, and returns once all have been.</summary>
    public static void Run(int rows, Action<int> choose)
    {
        if (rows >= Least && Environment.ProcessorCount > 1)
        {
            Parallel.For(0, rows, AllCores, choose);
            return;
        }

        for (var row = 0; row < rows; row++)
            choose(row);
    }
}
