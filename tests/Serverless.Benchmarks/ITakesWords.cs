namespace Serverless.Benchmarks;

/// <summary>A suite of which the command line can choose parts.</summary>
internal interface ITakesWords : IBenchmarkSuite
{
    /// <summary>What words there are, for the person who gave wrong ones.</summary>
    string Usage { get; }

    /// <summary>Takes the words; false where one means nothing.</summary>
    bool TryChoose(IEnumerable<string> words);
}
