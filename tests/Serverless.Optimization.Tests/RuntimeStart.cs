using System.Runtime.CompilerServices;
using Serverless.Inference.Onnx;

namespace Serverless.Optimization.Tests;

/// <summary>Starts the runtime as the product does before any test can: whoever uses it first decides on the process's threads.</summary>
internal static class RuntimeStart
{
    [ModuleInitializer]
    internal static void Begin() => OnnxRuntimeLibrary.EnsureStarted();
}
