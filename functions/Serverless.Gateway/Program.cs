using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Hosting;
using Serverless.Gateway.Authentication;
using Serverless.Gateway.Forwarding;
using Serverless.Gateway.Http;
using Serverless.Gateway.Queues;

var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
builder.Services
    .AddGatewayHttp()
    .AddApiKeys()
    .AddForwarding()
    .AddQueuedRequests();
builder.Build().Run();
