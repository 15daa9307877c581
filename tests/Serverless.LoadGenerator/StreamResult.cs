namespace Serverless.LoadGenerator;

/// <summary>What came of one stream.</summary>
/// <param name="Sent">Arrivals: requests sent, and those that found every connection busy until the end.</param>
/// <param name="Ok">Answers with status 200.</param>
/// <param name="InTime">Of those, the ones within the deadline.</param>
/// <param name="Statuses">How many answers had which status; 0 counts connections that broke.</param>
/// <param name="P50">Median milliseconds of answers with status 200.</param>
/// <param name="P99">99th percentile of the same.</param>
/// <param name="Seconds">From the first request to the stream's last answer.</param>
/// <param name="BytesPerAnswer">Mean size of an answer's body.</param>
internal sealed record StreamResult(
    long Sent, long Ok, long InTime, IReadOnlyDictionary<int, long> Statuses, double P50, double P99, double Seconds, double BytesPerAnswer)
{
    /// <summary>Answers with status 200 per second.</summary>
    public double PerSecond => Seconds > 0 ? Ok / Seconds : 0;
}
