namespace Serverless.Cli.Demo;

/// <summary>What the demo embeds, and the answers that the model's authors published.</summary>
internal static class DemoSentences
{
    public const string Model = SampleModels.MiniLm.Name;

    public const double Tolerance = 1e-3;

    /// <summary>The first is compared with each of the others.</summary>
    public static readonly string[] Texts =
    [
        "That is a happy person", "That is a happy dog", "That is a very happy person", "Today is a sunny day",
    ];

    /// <summary>Cosine of the first sentence with each of the others.</summary>
    public static readonly double[] Cosines = [0.69458, 0.94292, 0.25688];

    /// <summary>The first sentence as the model's vocabulary numbers it, between [CLS] and [SEP].</summary>
    public static readonly long[] FirstTokens = [101, 2008, 2003, 1037, 3407, 2711, 102];
}
