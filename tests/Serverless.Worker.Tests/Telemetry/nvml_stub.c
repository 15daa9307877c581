/* Stands in for NVIDIA's management library on machines without a GPU: two devices, the second of which tells nothing but its name. */
#include <string.h>
typedef struct { unsigned gpu, memory; } utilization;
typedef struct { unsigned long long total, free, used; } memory;
static int devices[2];
int nvmlInit_v2(void) { return 0; }
int nvmlShutdown(void) { return 0; }
int nvmlDeviceGetCount_v2(unsigned *count) { *count = 2; return 0; }
int nvmlDeviceGetHandleByIndex_v2(unsigned i, void **device) { *device = &devices[i]; return 0; }
int nvmlDeviceGetUUID(void *d, char *text, unsigned n) { strncpy(text, d == devices ? "GPU-a" : "GPU-b", n); return 0; }
int nvmlDeviceGetName(void *d, char *text, unsigned n) { strncpy(text, "Stub", n); return 0; }
int nvmlDeviceGetUtilizationRates(void *d, utilization *u) { u->gpu = 25; u->memory = 1; return d == devices ? 0 : 3; }
int nvmlDeviceGetMemoryInfo(void *d, memory *m) { m->total = 1000; m->free = 600; m->used = 400; return d == devices ? 0 : 3; }
int nvmlDeviceGetPowerUsage(void *d, unsigned *milliwatts) { *milliwatts = 61500; return d == devices ? 0 : 3; }
int nvmlDeviceGetTemperature(void *d, int sensor, unsigned *celsius) { *celsius = 41 + sensor; return d == devices ? 0 : 3; }
