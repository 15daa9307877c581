namespace Serverless.Conformance.Data;

/// <summary>ONNX's own backend test cases, as Debian packages them.</summary>
internal static class TestData
{
    public const string Package = "libonnx-testdata";

    private const string Root = "/usr/share/libonnx-testdata/data";

    public static bool IsInstalled => Directory.Exists(Root);

    /// <summary>Every case, in a fixed order. Those below <c>real</c> only name files to download, and have no model.</summary>
    public static IReadOnlyList<OnnxCase> Load() =>
    [
        .. Directory.EnumerateFiles(Root, "model.onnx", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal)
            .Select((file, index) => new OnnxCase($"case-{index}", Path.GetFileName(Path.GetDirectoryName(file)!), file)),
    ];
}
