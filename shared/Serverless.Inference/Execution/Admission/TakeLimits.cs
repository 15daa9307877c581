namespace Serverless.Inference.Execution.Admission;

/// <summary>Bounds of the next run.</summary>
/// <param name="Rows">The most rows.</param>
/// <param name="Elements">The most positions, where the model takes sequences.</param>
/// <param name="Waste">The largest part that may be padding.</param>
/// <param name="Preferred">Numbers of rows that go well, the largest first.</param>
internal readonly record struct TakeLimits(int Rows, long Elements, double Waste, IReadOnlyList<int> Preferred);
