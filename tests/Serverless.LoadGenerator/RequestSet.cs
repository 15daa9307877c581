using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Serverless.LoadGenerator;

/// <summary>Prebuilt requests in memory that does not move, handed out in turn.</summary>
internal sealed unsafe class RequestSet : IDisposable
{
    private readonly byte* _memory;
    private readonly List<(nint Offset, int Length)> _requests = [];
    private int _next;

    public RequestSet(string file)
    {
        var content = File.ReadAllBytes(file);
        _memory = (byte*)NativeMemory.Alloc((nuint)content.Length);
        content.CopyTo(new Span<byte>(_memory, content.Length));
        for (var at = 0; at < content.Length;)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(content.AsSpan(at));
            _requests.Add((at + sizeof(int), length));
            at += sizeof(int) + length;
        }
    }

    /// <summary>The next request.</summary>
    public byte* Next(out int length)
    {
        var request = _requests[_next];
        _next = _next + 1 == _requests.Count ? 0 : _next + 1;
        length = request.Length;
        return _memory + request.Offset;
    }

    /// <summary>Writes requests in the form that is read here.</summary>
    public static void Write(string file, IEnumerable<byte[]> requests)
    {
        using var target = File.Create(file);
        Span<byte> length = stackalloc byte[sizeof(int)];
        foreach (var request in requests)
        {
            BinaryPrimitives.WriteInt32LittleEndian(length, request.Length);
            target.Write(length);
            target.Write(request);
        }
    }

    public void Dispose() => NativeMemory.Free(_memory);
}
