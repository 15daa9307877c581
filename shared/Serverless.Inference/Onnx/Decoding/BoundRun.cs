using Microsoft.ML.OnnxRuntime;
using Serverless.Inference.Generation.Memory;

namespace Serverless.Inference.Onnx.Decoding;

/// <summary>
/// A run bound to its memory, ready to go again and again with other numbers in it. Only the mask's width changes from run to run.
/// </summary>
internal sealed class BoundRun : IDisposable
{
    private readonly DecoderSession _session;
    private readonly DecoderMemory _memory;
    private readonly int _rows;
    private readonly OrtIoBinding _binding;
    private readonly List<OrtValue> _values = [];

    public BoundRun(DecoderSession session, DecoderMemory memory, RunShape shape)
    {
        (_session, _memory, _rows) = (session, memory, shape.Rows);
        _binding = session.Bind();
        try
        {
            Input(DecoderSession.Ids, memory.Ids.ValueOf(shape.Rows, shape.Length));
            if (session.HasPositions)
                Input(DecoderSession.Positions, memory.Positions.ValueOf(shape.Rows, shape.Length));
            Output(DecoderSession.Logits, memory.Logits.ValueOf(
                shape.Logits, shape.Rows, session.Record.LastLogitsOnly ? 1 : shape.Length));
            for (var part = 0; part < session.Past.Length; part++)
                Bind(part, shape);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <param name="total">The mask's width: tokens of the longest row with the new ones.</param>
    public void Run(int total)
    {
        if (!_session.HasMask)
        {
            _session.Run(_binding);
            return;
        }

        using var mask = _memory.Mask.ValueOf(_rows, total);
        _binding.BindInput(DecoderSession.Mask, mask);
        _session.Run(_binding);
    }

    public void Dispose()
    {
        _binding.Dispose();
        _values.ForEach(value => value.Dispose());
    }

    private void Bind(int part, RunShape shape)
    {
        var past = ValueOf(part, shape.Past, shape.Rows);
        Input(_session.Past[part], past);
        // The very same value: that past and present are one is what the kernel goes by.
        if (shape.Past == shape.Present)
            _binding.BindOutput(_session.Present[part], past);
        else
            Output(_session.Present[part], ValueOf(part, shape.Present, shape.Rows));
    }

    private OrtValue ValueOf(int part, KvPlace place, int rows)
    {
        var record = _session.Record;
        var kv = place.Buffer;
        return OrtValue.CreateTensorValueWithData(
            OrtMemoryInfo.DefaultInstance, _session.KvType, [rows, record.KeyValueHeads, kv.Length, record.HeadSize],
            kv.AddressOf(part, place.Row), kv.BytesOf(rows));
    }

    private void Input(string name, OrtValue value)
    {
        _values.Add(value);
        _binding.BindInput(name, value);
    }

    private void Output(string name, OrtValue value)
    {
        _values.Add(value);
        _binding.BindOutput(name, value);
    }
}
