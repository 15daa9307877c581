using System.Diagnostics.Metrics;
using Microsoft.Extensions.Configuration;
using Serverless.Contracts.Configuration;

namespace Serverless.Telemetry.Gpu;

/// <summary>The GPUs under OpenTelemetry's names and Triton's, asked when somebody scrapes. Without NVML there are none.</summary>
internal sealed class GpuMetrics : IDisposable
{
    private readonly NvmlLibrary? _library;
    private readonly List<(GpuDevice Device, KeyValuePair<string, object?>[] Own, KeyValuePair<string, object?> Triton)> _devices = [];

    public GpuMetrics(IMeterFactory meters, IConfiguration configuration)
    {
        var path = configuration[Settings.TelemetryNvmlPath.Replace("__", ":", StringComparison.Ordinal)];
        _library = NvmlLibrary.TryOpen(string.IsNullOrEmpty(path) ? "libnvidia-ml.so.1" : path);
        if (_library is null)
            return;
        foreach (var device in _library.Devices())
            _devices.Add((device, [new("hw.id", device.Id), new("hw.name", device.Name)], new("gpu_uuid", device.Id)));
        var meter = meters.Create("Serverless.Gpu");
        Add(meter, "hw.gpu.utilization", "nv_gpu_utilization", "1", "Part of the time in which a kernel ran.", _library.Utilization);
        Add(meter, "hw.gpu.memory.usage", "nv_gpu_memory_used_bytes", "By", "GPU memory in use.", device => _library.Memory(device)?.Used);
        Add(meter, "hw.gpu.memory.limit", "nv_gpu_memory_total_bytes", "By", "GPU memory in all.", device => _library.Memory(device)?.Total);
        Add(meter, "hw.power", "nv_gpu_power_usage", "W", "Power drawn by the GPU.", _library.Power);
        Add(meter, "hw.gpu.power.limit", "nv_gpu_power_limit", "W", "Power that the GPU may draw.", _library.PowerLimit);
        Add(meter, "hw.temperature", "nv_gpu_temperature", "Cel", "Temperature of the GPU.", _library.Temperature);
    }

    public void Dispose() => _library?.Dispose();

    private void Add(Meter meter, string own, string triton, string unit, string what, Func<GpuDevice, double?> read)
    {
        meter.CreateObservableGauge(own, () => Read(read, isTriton: false), unit, what);
        meter.CreateObservableGauge(triton, () => Read(read, isTriton: true), unit, what);
    }

    private List<Measurement<double>> Read(Func<GpuDevice, double?> read, bool isTriton)
    {
        var values = new List<Measurement<double>>();
        foreach (var (device, own, triton) in _devices)
        {
            if (read(device) is { } value)
                values.Add(isTriton ? new(value, triton) : new(value, own));
        }

        return values;
    }
}
