using Serverless.Models.Manifest;
using Serverless.Models.Publishing;
using Serverless.Models.Storage;

namespace Serverless.ModelsDriver;

/// <summary>Publishes floats as model <c>m</c>, in tensors that have a chunk each.</summary>
internal static class Push
{
    private const int TensorFloats = 1_100_032;

    public static async Task RunAsync(string store, string graph, string weights)
    {
        var tensors = Enumerable.Range(0, (int)(new FileInfo(weights).Length / (TensorFloats * sizeof(float))))
            .Select(i => new WeightTensor($"w{i}", "float", [TensorFloats], 0, TensorFloats * sizeof(float)));
        var draft = new PackageDraft("m", graph) { WeightsFile = weights, Weights = WeightLayout.Arrange(tensors) };
        await new ModelPublisher(ModelStores.InFolder(store)).PublishAsync(draft, new Lines());
        Console.WriteLine("published");
    }

    private sealed class Lines : IProgress<PublishProgress>
    {
        public void Report(PublishProgress value) => Console.WriteLine($"{value.Stage} {value.File} {value.Done}");
    }
}
