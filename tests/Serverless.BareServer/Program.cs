using System.Diagnostics;
using Serverless.BareServer;

await BareProgram.RunAsync(args, Stopwatch.GetTimestamp());
