using Serverless.Inference.Tensors;
using Serverless.Models.Manifest;

namespace Serverless.Inference.Onnx.Preparation.Decoders;

/// <summary>Runs a decoder as the engine will, a stream alone or streams of different length together.</summary>
internal sealed class DecoderRuns(OnnxSession session, DecoderRecord decoder)
{
    private readonly TensorDatatype _type = decoder.HalfPrecision ? TensorDatatype.Fp16 : TensorDatatype.Fp32;
    private readonly string[] _parts = [.. Enumerable.Range(0, decoder.Layers).SelectMany(DecoderInterface.PartsOf)];

    private readonly string[] _outputs =
    [
        DecoderInterface.Logits,
        .. Enumerable.Range(0, decoder.Layers).SelectMany(DecoderInterface.PartsOf).Select(part => DecoderInterface.PresentPrefix + part),
    ];

    private int RowBytes => decoder.HeadSize * Datatypes.SizeOf(_type);

    /// <summary>A stream that has no tokens yet.</summary>
    public DecoderState Begin() => new(0, [.. _parts.Select(_ => Array.Empty<byte>())]);

    /// <summary>Several tokens of one stream.</summary>
    public DecoderAnswer Extend(DecoderState state, params long[] tokens) => Run([state], tokens, state.Length)[0];

    /// <summary>A token of each of several streams. The shorter ones are filled up behind what they have, as the engine does it.</summary>
    public IReadOnlyList<DecoderAnswer> Step(IReadOnlyList<DecoderState> states, long[] tokens) =>
        Run(states, tokens, states.Max(state => state.Length));

    private DecoderAnswer[] Run(IReadOnlyList<DecoderState> states, long[] tokens, int past)
    {
        var added = tokens.Length / states.Count;
        var inputs = new List<BufferTensor>();
        try
        {
            AddNumbers(inputs, states, tokens, past);
            for (var part = 0; part < _parts.Length; part++)
                inputs.Add(Past(part, states, past));
            var outputs = session.Run(inputs, _outputs, CancellationToken.None);
            try
            {
                return [.. states.Select((state, row) => Answer(outputs, row, state.Length, past, added))];
            }
            finally
            {
                foreach (var output in outputs)
                    output.Dispose();
            }
        }
        finally
        {
            inputs.ForEach(input => input.Dispose());
        }
    }

    private void AddNumbers(List<BufferTensor> inputs, IReadOnlyList<DecoderState> states, long[] tokens, int past)
    {
        var (rows, added) = (states.Count, tokens.Length / states.Count);
        inputs.Add(Numbers(DecoderInterface.Ids, rows, added, (row, i) => tokens[(row * added) + i]));
        inputs.Add(Numbers(
            DecoderInterface.Mask, rows, past + added, (row, i) => IsThere(states[row].Length, past, added, i) ? 1 : 0));
        if (session.Signature.Inputs.Any(input => input.Name == DecoderInterface.Positions))
            inputs.Add(Numbers(DecoderInterface.Positions, rows, added, (row, i) => states[row].Length + i));
    }

    // One buffer for past and present is filled from where a row ends; otherwise what is new comes behind the longest row.
    private bool IsThere(int length, int past, int added, int place) =>
        decoder.SharesPast ? place < length + added : place < length || place >= past;

    private static BufferTensor Numbers(string name, int rows, int columns, Func<int, int, long> value)
    {
        var buffer = TensorBuffer.Rent(rows * columns * sizeof(long));
        var numbers = buffer.As<long>();
        for (var i = 0; i < numbers.Length; i++)
            numbers[i] = value(i / columns, i % columns);
        return new BufferTensor(name, TensorDatatype.Int64, [rows, columns], buffer);
    }

    private BufferTensor Past(int part, IReadOnlyList<DecoderState> states, int past)
    {
        var buffer = TensorBuffer.Rent(states.Count * decoder.KeyValueHeads * past * RowBytes);
        // Padding is never zero in use: it is what another stream left behind.
        buffer.Span.Fill(0x3c);
        for (var row = 0; row < states.Count; row++)
        {
            var bytes = states[row].Length * RowBytes;
            for (var head = 0; head < decoder.KeyValueHeads; head++)
            {
                states[row].Parts[part].AsSpan(head * bytes, bytes)
                    .CopyTo(buffer.Span[(((row * decoder.KeyValueHeads) + head) * past * RowBytes)..]);
            }
        }

        return new BufferTensor(
            DecoderInterface.PastPrefix + _parts[part], _type, [states.Count, decoder.KeyValueHeads, past, decoder.HeadSize], buffer);
    }

    private DecoderAnswer Answer(IReadOnlyList<Tensor> outputs, int row, int length, int past, int added)
    {
        var logits = outputs[0];
        var positions = (int)logits.Dimensions[1];
        var start = ((row * positions) + positions - 1) * decoder.LogitsSize;
        var numbers = new double[decoder.LogitsSize];
        for (var i = 0; i < numbers.Length; i++)
            numbers[i] = TensorElements.At(logits.Datatype, logits.Data, start + i);
        return new DecoderAnswer(numbers, new DecoderState(length + added, [.. outputs.Skip(1).Select(part => Kept(part, row, length, past, added))]));
    }

    private byte[] Kept(Tensor present, int row, int length, int past, int added)
    {
        var total = (int)present.Dimensions[2];
        var kept = new byte[decoder.KeyValueHeads * (length + added) * RowBytes];
        var newest = decoder.SharesPast ? length : past;
        for (var head = 0; head < decoder.KeyValueHeads; head++)
        {
            var source = present.Data[(((row * decoder.KeyValueHeads) + head) * total * RowBytes)..];
            var target = kept.AsSpan(head * (length + added) * RowBytes);
            source[..(length * RowBytes)].CopyTo(target);
            source.Slice(newest * RowBytes, added * RowBytes).CopyTo(target[(length * RowBytes)..]);
        }

        return kept;
    }
}
