namespace Serverless.Worker.Transport;

/// <summary>A connection whose requests run on the thread that reads it, unless they say that they take long.</summary>
internal interface IShortReads
{
    /// <summary>What is read from now on runs on the thread pool.</summary>
    void BeginLong();

    /// <summary>The end of what <see cref="BeginLong"/> began.</summary>
    void EndLong();
}
