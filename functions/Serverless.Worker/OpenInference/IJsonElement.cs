using System.Text.Json;

namespace Serverless.Worker.OpenInference;

/// <summary>How one datatype reads an element; static, so that the loop over elements is compiled for each.</summary>
internal interface IJsonElement<T>
    where T : unmanaged
{
    /// <summary>False when the token at hand is not such an element.</summary>
    static abstract bool TryRead(ref Utf8JsonReader reader, out T element);

    /// <summary>Reads the element at <paramref name="position"/>; false when it is none, or one that only a reader can judge.</summary>
    static abstract bool TryScan(ReadOnlySpan<byte> text, ref int position, out T element);
}
