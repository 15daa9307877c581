using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Hosting;
using Serverless.Gateway.Async;
using Serverless.Gateway.Audit;
using Serverless.Gateway.Authentication;
using Serverless.Gateway.Console;
using Serverless.Gateway.Costs;
using Serverless.Gateway.Forwarding;
using Serverless.Gateway.Holding;
using Serverless.Gateway.Http;
using Serverless.Gateway.Jobs;
using Serverless.Gateway.Prewarm;
using Serverless.Gateway.Queues;
using Serverless.Gateway.RateLimits;
using Serverless.Gateway.Telemetry;
using Serverless.Gateway.Tenants;
using Serverless.Gateway.Warming;

var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
builder.UseMiddleware<QueueMetricsMiddleware>();
builder.AddGatewayTelemetry();
builder.Services
    .AddGatewayHttp()
    .AddApiKeys()
    .AddAudit()
    .AddRateLimits()
    .AddTenants()
    .AddForwarding()
    .AddHolding()
    .AddWarming()
    .AddPrewarm()
    .AddQueuedRequests(builder.Configuration)
    .AddTenantQueues()
    .AddJobs(builder.Configuration)
    .AddAsync()
    .AddCosts()
    .AddConsole();
builder.Build().Run();
