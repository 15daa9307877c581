using System.Reflection;
using System.Runtime.Loader;
using Google.Protobuf.Reflection;
using Serverless.FunctionsHost.Rpc.Messages;
using Serverless.Topology.Layout;

namespace Serverless.FunctionsHost.Tests.Rpc;

/// <summary>Holds our subset of the protocol against the one compiled into the worker's own library.</summary>
public sealed class ProtocolTests
{
    private static readonly FileDescriptor Ours = FunctionRpcReflection.Descriptor;
    private static readonly FileDescriptor Theirs = LoadTheirs();

    public static TheoryData<string> Messages => [.. Ours.MessageTypes.Select(m => m.Name)];

    [Theory]
    [MemberData(nameof(Messages))]
    public void Message_EachField_HasTheProtocolsNumberAndType(string name)
    {
        var ours = Ours.FindTypeByName<MessageDescriptor>(name);
        var theirs = Theirs.FindTypeByName<MessageDescriptor>(name);
        Assert.NotNull(theirs);
        Assert.All(
            ours.Fields.InFieldNumberOrder(),
            field => Assert.Equal(Describe(theirs.FindFieldByNumber(field.FieldNumber)), Describe(field)));
    }

    [Theory]
    [MemberData(nameof(Messages))]
    public void Message_EachEnum_HasTheProtocolsValues(string name)
    {
        var theirs = Theirs.FindTypeByName<MessageDescriptor>(name);
        Assert.All(Ours.FindTypeByName<MessageDescriptor>(name).EnumTypes, ours => Assert.Equal(
            theirs.EnumTypes.Single(e => e.Name == ours.Name).Values.Select(v => (v.Name, v.Number)),
            ours.Values.Select(v => (v.Name, v.Number))));
    }

    [Fact]
    public void Service_PathAndDirections_AreTheProtocols()
    {
        var ours = Assert.Single(Assert.Single(Ours.Services).Methods);
        var theirs = Assert.Single(Assert.Single(Theirs.Services).Methods);
        Assert.Equal(theirs.FullName, ours.FullName);
        Assert.Equal((theirs.IsClientStreaming, theirs.IsServerStreaming), (ours.IsClientStreaming, ours.IsServerStreaming));
        Assert.Equal((theirs.InputType.FullName, theirs.OutputType.FullName), (ours.InputType.FullName, ours.OutputType.FullName));
    }

    private static string Describe(FieldDescriptor? field)
    {
        if (field is null) return "no such field";
        var parts = field.IsMap ? field.MessageType.Fields.InFieldNumberOrder() : [];
        var type = field.FieldType switch
        {
            _ when field.IsMap => $"map<{string.Join(", ", parts.Select(Describe))}>",
            FieldType.Message => field.MessageType.FullName,
            FieldType.Enum => field.EnumType.FullName,
            var simple => $"{simple}",
        };
        return $"{(field.IsRepeated ? "repeated " : "")}{type} {field.Name} = {field.FieldNumber}, oneof {field.ContainingOneof?.Name}";
    }

    private static FileDescriptor LoadTheirs()
    {
        var folder = Repository.Find().OutputOf("tests/Serverless.SampleFunctions");
        var context = new AssemblyLoadContext("worker library");
        context.Resolving += (_, name) =>
            Path.Combine(folder, name.Name + ".dll") is var path && File.Exists(path) ? context.LoadFromAssemblyPath(path) : null;
        var library = context.LoadFromAssemblyPath(Path.Combine(folder, "Microsoft.Azure.Functions.Worker.Grpc.dll"));
        var reflection = library.GetType("Microsoft.Azure.Functions.Worker.Grpc.Messages.FunctionRpcReflection", throwOnError: true)!;
        return (FileDescriptor)reflection.GetProperty("Descriptor", BindingFlags.Static | BindingFlags.Public)!.GetValue(null)!;
    }
}
