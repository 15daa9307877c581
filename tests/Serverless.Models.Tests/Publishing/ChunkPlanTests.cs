using Serverless.Models.Codecs;
using Serverless.Models.Manifest;
using Serverless.Models.Publishing;

namespace Serverless.Models.Tests.Publishing;

public sealed class ChunkPlanTests
{
    private const int Mebi = 1 << 20;

    [Theory]
    [InlineData(LossyCodec.None)]
    [InlineData(LossyCodec.Int8Block)]
    public void Make_AnyTensors_CoversEveryByteOnceInAlignedChunks(LossyCodec lossy)
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var (tensors, size) = RandomTensors(seed, arranged: seed % 2 == 0);

            var plan = ChunkPlan.Make(tensors, size, lossy);

            long end = 0;
            foreach (var chunk in plan)
            {
                Assert.Equal(end, chunk.Offset);
                Assert.Equal(0, chunk.Offset % WeightTensor.Alignment);
                Assert.InRange(chunk.Size, 1, ChunkPlan.TargetBytes);
                Assert.True(!chunk.MayLose || tensors.All(tensor => tensor is { ElementType: "float" }
                    || tensor.Offset >= chunk.Offset + chunk.Size || tensor.Offset + tensor.Length <= chunk.Offset));
                end += chunk.Size;
            }

            Assert.Equal(size, end);
            Assert.True(lossy != LossyCodec.None || plan.All(chunk => !chunk.MayLose));
        }
    }

    [Fact]
    public void Make_SmallTensors_ShareAChunk()
    {
        var tensors = WeightLayout.Arrange(Enumerable.Range(0, 1000).Select(i => Tensor($"t{i}", "float", 1000)));

        Assert.Equal(2, ChunkPlan.Make(tensors, Size(tensors), LossyCodec.None).Count + 1);
    }

    [Fact]
    public void Make_LargeTensor_IsCutAtItsOwnMultiples()
    {
        var tensors = WeightLayout.Arrange([Tensor("a", "float", Mebi), Tensor("b", "float", 20 * Mebi), Tensor("c", "float", Mebi)]);

        var plan = ChunkPlan.Make(tensors, Size(tensors), LossyCodec.None);

        Assert.Equal([Mebi, 8 * Mebi, 8 * Mebi, 5 * Mebi], plan.Select(chunk => chunk.Size));
    }

    [Fact]
    public void Make_Lossy_KeepsSmallTensorsAndOtherTypesApart()
    {
        var tensors = WeightLayout.Arrange(
            [Tensor("i", "int64", 80_000), Tensor("a", "float", Mebi), Tensor("bias", "float", 400), Tensor("b", "float", Mebi)]);

        var plan = ChunkPlan.Make(tensors, Size(tensors), LossyCodec.Fp16);

        Assert.Equal([true, false], plan.Select(chunk => chunk.MayLose));
        Assert.Equal(["a", "b", "bias", "i"], tensors.Select(tensor => tensor.Name));
        Assert.Equal([4, 8], plan.Select(chunk => chunk.ElementSize));
    }

    [Fact]
    public void Make_LookupTables_ComeLastInChunksOfTheirOwn()
    {
        var tensors = WeightLayout.Arrange(
            [Tensor("table", "float", Mebi) with { Lookup = true }, Tensor("a", "float", Mebi), Tensor("i", "int64", 80)]);

        var plan = ChunkPlan.Make(tensors, Size(tensors), LossyCodec.None);

        Assert.Equal(["a", "i", "table"], tensors.Select(tensor => tensor.Name));
        Assert.Equal([0, tensors[^1].Offset], plan.Select(chunk => chunk.Offset));
    }

    private static WeightTensor Tensor(string name, string type, int bytes) =>
        new(name, type, [bytes / (type == "float" ? 4 : 8)], 0, bytes);

    private static long Size(IReadOnlyList<WeightTensor> tensors) => tensors.Count == 0 ? 0 : tensors[^1].Offset + tensors[^1].Length;

    private static (IReadOnlyList<WeightTensor> Tensors, long Size) RandomTensors(int seed, bool arranged)
    {
        var random = new Random(seed);
        var tensors = new List<WeightTensor>();
        long offset = 0;
        for (var i = random.Next(30); i > 0; i--)
        {
            var bytes = 8 * random.Next(random.Next(4) switch { 0 => 1, 1 => 100, 2 => 100_000, _ => 3 * Mebi });
            tensors.Add(Tensor($"t{i}", random.Next(4) == 0 ? "int64" : "float", bytes) with { Offset = offset });
            offset = WeightLayout.AlignUp(offset + bytes);
        }

        var placed = arranged ? WeightLayout.Arrange(tensors) : tensors;
        return (placed, Size(placed));
    }
}
