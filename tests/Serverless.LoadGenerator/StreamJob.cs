namespace Serverless.LoadGenerator;

/// <summary>Requests of one kind to one server.</summary>
/// <param name="Port">Where the server listens on the loopback interface.</param>
/// <param name="RequestsFile">
/// Whole HTTP requests, each with its length (int32, little-endian) before it; sent in turn, over and over.
/// </param>
/// <param name="Connections">How many connections there are; each has one request in flight at most.</param>
/// <param name="Count">How many requests to send; 0 for as many as the job's time allows.</param>
/// <param name="Rate">
/// Arrivals per second of a Poisson process, whatever the server does (open loop); 0 sends the next request when an answer is there
/// (closed loop).
/// </param>
/// <param name="DeadlineMs">Answers that take longer, counted from the arrival, are late; 0 for no deadline.</param>
/// <param name="Seed">Seed of the arrivals.</param>
internal sealed record StreamJob(
    int Port, string RequestsFile, int Connections, int Count = 0, double Rate = 0, double DeadlineMs = 0, int Seed = 1);
