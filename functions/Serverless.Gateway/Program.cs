using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Hosting;
using Serverless.Gateway.Async;
using Serverless.Gateway.Authentication;
using Serverless.Gateway.Forwarding;
using Serverless.Gateway.Holding;
using Serverless.Gateway.Http;
using Serverless.Gateway.Jobs;
using Serverless.Gateway.Queues;
using Serverless.Gateway.Telemetry;

var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
builder.AddGatewayTelemetry();
builder.Services
    .AddGatewayHttp()
    .AddApiKeys()
    .AddForwarding()
    .AddHolding()
    .AddQueuedRequests(builder.Configuration)
    .AddJobs(builder.Configuration)
    .AddAsync();
builder.Build().Run();
