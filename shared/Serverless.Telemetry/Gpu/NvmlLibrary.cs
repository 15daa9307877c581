using System.Runtime.InteropServices;

namespace Serverless.Telemetry.Gpu;

/// <summary>
/// NVIDIA's management library, as far as metrics need it. Loaded by name at run time: a machine without a GPU has none, and no metrics of it.
/// </summary>
internal sealed unsafe class NvmlLibrary : SafeHandle
{
    private const int Success = 0;

    private NvmlLibrary(nint library)
        : base(nint.Zero, ownsHandle: true) => SetHandle(library);

    public override bool IsInvalid => handle == nint.Zero;

    /// <summary>Loads and starts it; null when it is not there or does not start.</summary>
    public static NvmlLibrary? TryOpen(string path)
    {
        if (!NativeLibrary.TryLoad(path, out var library))
            return null;
        var nvml = new NvmlLibrary(library);
        if (nvml.Find("nvmlInit_v2") is var start && start != nint.Zero && ((delegate* unmanaged[Cdecl]<int>)start)() == Success)
            return nvml;
        nvml.SetHandleAsInvalid();
        NativeLibrary.Free(library);
        return null;
    }

    /// <summary>The GPUs by index.</summary>
    public IReadOnlyList<GpuDevice> Devices()
    {
        uint count = 0;
        if (Find("nvmlDeviceGetCount_v2") is var ask && (ask == nint.Zero || ((delegate* unmanaged[Cdecl]<uint*, int>)ask)(&count) != Success))
            return [];
        var devices = new List<GpuDevice>();
        for (uint index = 0; index < count; index++)
        {
            nint device;
            var get = Find("nvmlDeviceGetHandleByIndex_v2");
            if (get != nint.Zero && ((delegate* unmanaged[Cdecl]<uint, nint*, int>)get)(index, &device) == Success)
                devices.Add(new GpuDevice(device, Text("nvmlDeviceGetUUID", device), Text("nvmlDeviceGetName", device)));
        }

        return devices;
    }

    /// <summary>Part of the last sample period in which a kernel ran, 0 to 1; null when the GPU does not tell.</summary>
    public double? Utilization(GpuDevice device)
    {
        // nvmlUtilization_t: gpu and memory, in per cent.
        var rates = stackalloc uint[2];
        return Ask("nvmlDeviceGetUtilizationRates", device, rates) ? rates[0] / 100d : null;
    }

    /// <summary>Bytes of its memory in all and in use.</summary>
    public (long Total, long Used)? Memory(GpuDevice device)
    {
        // nvmlMemory_t: total, free, used.
        var memory = stackalloc ulong[3];
        return Ask("nvmlDeviceGetMemoryInfo", device, memory) ? ((long)memory[0], (long)memory[2]) : null;
    }

    /// <summary>Watts drawn.</summary>
    public double? Power(GpuDevice device) => Number("nvmlDeviceGetPowerUsage", device) / 1000d;

    /// <summary>Watts that it may draw.</summary>
    public double? PowerLimit(GpuDevice device) => Number("nvmlDeviceGetEnforcedPowerLimit", device) / 1000d;

    /// <summary>Degrees Celsius.</summary>
    public double? Temperature(GpuDevice device)
    {
        const int Chip = 0;
        uint value;
        var ask = Find("nvmlDeviceGetTemperature");
        return ask != nint.Zero && ((delegate* unmanaged[Cdecl]<nint, int, uint*, int>)ask)(device.Handle, Chip, &value) == Success ? value : null;
    }

    protected override bool ReleaseHandle()
    {
        if (Find("nvmlShutdown") is var stop && stop != nint.Zero)
            _ = ((delegate* unmanaged[Cdecl]<int>)stop)();
        NativeLibrary.Free(handle);
        return true;
    }

    private double? Number(string function, GpuDevice device)
    {
        uint value;
        return Ask(function, device, &value) ? value : null;
    }

    private bool Ask(string function, GpuDevice device, void* answer)
    {
        var ask = Find(function);
        return ask != nint.Zero && ((delegate* unmanaged[Cdecl]<nint, void*, int>)ask)(device.Handle, answer) == Success;
    }

    private string Text(string function, nint device)
    {
        // NVML_DEVICE_UUID_V2_BUFFER_SIZE and NVML_DEVICE_NAME_V2_BUFFER_SIZE are 96 both.
        const int Length = 96;
        var text = stackalloc byte[Length];
        var ask = Find(function);
        return ask != nint.Zero && ((delegate* unmanaged[Cdecl]<nint, byte*, uint, int>)ask)(device, text, Length) == Success
            ? Marshal.PtrToStringUTF8((nint)text) ?? ""
            : "";
    }

    private nint Find(string function) => NativeLibrary.TryGetExport(handle, function, out var address) ? address : nint.Zero;
}
