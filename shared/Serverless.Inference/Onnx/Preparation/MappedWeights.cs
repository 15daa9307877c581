using System.IO.MemoryMappedFiles;
using Serverless.Models.Manifest;

namespace Serverless.Inference.Onnx.Preparation;

/// <summary>A weights file in memory.</summary>
internal sealed unsafe class MappedWeights : IWeightMemory
{
    private readonly MemoryMappedFile? _file;
    private readonly MemoryMappedViewAccessor? _view;
    private readonly byte* _start;

    public MappedWeights(string? path)
    {
        Path = path;
        if (path is null)
            return;
        _file = MemoryMappedFile.CreateFromFile(path, FileMode.Open, mapName: null, capacity: 0, MemoryMappedFileAccess.Read);
        _view = _file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _start);
    }

    public string? Path { get; }

    public nint AddressOf(WeightTensor tensor) => (nint)(_start + tensor.Offset);

    public void Dispose()
    {
        if (_view is null)
            return;
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _file!.Dispose();
    }
}
