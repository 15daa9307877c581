namespace Serverless.Worker.Jobs;

/// <summary>The answer to one line.</summary>
/// <param name="CustomId">The line's <c>custom_id</c>.</param>
/// <param name="Status">The status that the same request would have had over HTTP.</param>
/// <param name="Body">The body that it would have had.</param>
internal readonly record struct LineAnswer(string CustomId, int Status, ReadOnlyMemory<byte> Body);
