using System.Text.Json;
using Serverless.Contracts.Errors;
using Serverless.Worker.Json;

namespace Serverless.Worker.OpenInference;

/// <summary>
/// Walks over flat or nested arrays and hands out their elements in row-major order, holding the nesting against the shape: either one
/// array of all elements, or arrays in arrays exactly as deep and as long as the shape says.
/// </summary>
internal sealed class DataNesting(TensorTarget target)
{
    private readonly long[] _counts = new long[target.Shape.Length + 1];
    private int _depth = -1;
    private bool _nested;
    private bool _started;

    /// <summary>Moves to the next element; false at the end of the data.</summary>
    public bool NextElement(ref Utf8JsonReader reader)
    {
        while (true)
        {
            if (_started)
                reader.Read();
            else
                JsonValues.Expect(ref reader, JsonTokenType.StartArray, $"data of input '{target.Name}'");
            _started = true;
            switch (reader.TokenType)
            {
                case JsonTokenType.StartArray:
                    Open();
                    break;
                case JsonTokenType.EndArray:
                    if (!Close())
                        return false;
                    break;
                default:
                    if (_nested && _depth != target.Shape.Length - 1)
                        throw Ragged();
                    _counts[_depth]++;
                    return true;
            }
        }
    }

    /// <summary>Refuses data with more or fewer elements than the shape has.</summary>
    public void CheckCount(long found)
    {
        if (found != target.Count)
            throw JsonValues.Invalid($"{target.Title} takes {target.Count} elements, but data has {found}.", target.Name);
    }

    private void Open()
    {
        if (_depth >= 0)
        {
            // A first array after plain elements, or deeper than there are dimensions.
            if ((!_nested && _counts[0] > 0) || _depth + 1 >= target.Shape.Length)
                throw Ragged();
            _nested = true;
        }

        _counts[++_depth] = 0;
    }

    private bool Close()
    {
        if (_nested && _counts[_depth] != target.Shape[_depth])
            throw Ragged();
        if (_depth == 0)
            return false;
        _counts[--_depth]++;
        return true;
    }

    private InferenceException Ragged() => JsonValues.Invalid(
        $"{target.Title} has data nested in another way: send one flat array, or arrays as deep and as long as the shape says.",
        target.Name);
}
