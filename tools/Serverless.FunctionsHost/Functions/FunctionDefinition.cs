using Serverless.FunctionsHost.Rpc.Messages;

namespace Serverless.FunctionsHost.Functions;

/// <summary>A function as the worker announced it.</summary>
internal sealed class FunctionDefinition(RpcFunctionMetadata metadata)
{
    public RpcFunctionMetadata Metadata { get; } = metadata;

    public string Id => Metadata.FunctionId;

    public string Name => Metadata.Name;

    public IReadOnlyList<FunctionBinding> Bindings { get; } = [.. metadata.RawBindings.Select(FunctionBinding.Parse)];

    public FunctionBinding? Trigger =>
        Bindings.FirstOrDefault(b => !b.IsOutput && b.Type.EndsWith("Trigger", StringComparison.OrdinalIgnoreCase));

    public IEnumerable<FunctionBinding> Outputs => Bindings.Where(b => b.IsOutput);
}
