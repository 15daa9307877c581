namespace Serverless.Optimization.Evaluation;

/// <summary>What candidates are measured by. All compare with the parent in the same process.</summary>
public static class FigureNames
{
    /// <summary>Cosine of the candidate's answer to the parent's, the mean of all reference inputs.</summary>
    public const string Cosine = "cosine";

    /// <summary>The smallest of these cosines.</summary>
    public const string WorstCosine = "cosine-worst";

    /// <summary>Share of answers whose largest number is at the same place.</summary>
    public const string Top1 = "top1";

    /// <summary>The largest difference of two numbers of an answer.</summary>
    public const string MaxError = "max-error";

    /// <summary>Perplexity of the reference texts over the parent's.</summary>
    public const string Perplexity = "perplexity-ratio";

    /// <summary>Graph and weights over the parent's, unpacked and as the package holds them.</summary>
    public const string Size = "size";

    /// <summary>Memory that a session took when it was prepared over what the parent's took: weights may be restored in it.</summary>
    public const string Memory = "memory";

    /// <summary>Graph and weights as stored over the parent's.</summary>
    public const string PackedSize = "packed";

    /// <summary>Time from nothing to ready over the parent's, from stores on this machine.</summary>
    public const string ColdStart = "cold-start";

    /// <summary>Answers (or tokens) per second over the parent's, served in this process in turn with it.</summary>
    public const string Throughput = "throughput";
}
