using System.Globalization;
using Grpc.Core;
using Serverless.Inference.Execution.Statistics;
using Serverless.Worker.Grpc.Protocol;
using Serverless.Worker.Statistics;

namespace Serverless.Worker.Grpc;

/// <content>The statistics extension.</content>
internal sealed partial class InferenceService
{
    public override async Task<ModelStatisticsResponse> ModelStatistics(ModelStatisticsRequest request, ServerCallContext context)
    {
        var rows = await statistics.ListAsync(
            request.Name.Length == 0 ? null : request.Name,
            request.Version.Length == 0 ? null : request.Version,
            context.CancellationToken);
        var response = new ModelStatisticsResponse();
        response.ModelStats.AddRange(rows.Select(ToMessage));
        return response;
    }

    private static Protocol.ModelStatistics ToMessage(ModelRow row)
    {
        var counted = row.Statistics;
        var message = new Protocol.ModelStatistics
        {
            Name = row.Name,
            Version = row.Version.ToString(CultureInfo.InvariantCulture),
            LastInference = (ulong)counted.LastInference,
            InferenceCount = (ulong)counted.InferenceCount,
            ExecutionCount = (ulong)counted.ExecutionCount,
            InferenceStats = new InferStatistics
            {
                Success = ToMessage(counted.Success),
                Fail = ToMessage(counted.Fail),
                Queue = ToMessage(counted.Queue),
                ComputeInput = ToMessage(counted.ComputeInput),
                ComputeInfer = ToMessage(counted.ComputeInfer),
                ComputeOutput = ToMessage(counted.ComputeOutput),
                CacheHit = ToMessage(counted.CacheHit),
                CacheMiss = ToMessage(counted.CacheMiss),
            },
        };
        message.BatchStats.AddRange(counted.Batches.Select(batch => new InferBatchStatistics
        {
            BatchSize = (ulong)batch.Rows,
            ComputeInput = ToMessage(batch.ComputeInput),
            ComputeInfer = ToMessage(batch.ComputeInfer),
            ComputeOutput = ToMessage(batch.ComputeOutput),
        }));
        return message;
    }

    private static StatisticDuration ToMessage(DurationStatistic duration) =>
        new() { Count = (ulong)duration.Count, Ns = (ulong)duration.Nanoseconds };
}
