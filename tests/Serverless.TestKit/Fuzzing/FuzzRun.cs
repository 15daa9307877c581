namespace Serverless.TestKit.Fuzzing;

/// <summary>A number of broken requests, one after another on each of several connections.</summary>
public static class FuzzRun
{
    private const int Connections = 4;

    /// <summary>Sends <paramref name="requests"/> requests and counts the answers.</summary>
    public static async Task<FuzzAnswers> RunAsync(int port, int seed, int requests, CancellationToken cancellationToken)
    {
        var answers = new FuzzAnswers();
        await Task.WhenAll(Enumerable.Range(0, Connections).Select(async connection =>
        {
            var mutator = new RequestMutator(seed + connection);
            using var client = new FuzzClient(port);
            for (var i = connection; i < requests; i += Connections)
            {
                var (bytes, last) = mutator.Next();
                answers.Add(await client.SendAsync(bytes, last, cancellationToken), whole: !last);
            }
        }));
        return answers;
    }
}
