using Serverless.Cli.Audit;
using Serverless.Cli.Batches;
using Serverless.Cli.Costs;
using Serverless.Cli.Demo;
using Serverless.Cli.Generation;
using Serverless.Cli.Inference;
using Serverless.Cli.Keys;
using Serverless.Cli.Models;
using Serverless.Cli.Models.Optimization;
using Serverless.Cli.Simulation;
using Serverless.Cli.Tenants;
using Serverless.Cli.Top;
using Spectre.Console;
using Spectre.Console.Cli;

namespace Serverless.Cli;

/// <summary>The commands of <c>infer</c>.</summary>
internal static class InferApp
{
    public static CommandApp Create(IAnsiConsole console, IAnsiConsole errors, Terminal terminal)
    {
        var app = new CommandApp();
        app.Configure(infer =>
        {
            infer.SetApplicationName("infer");
            infer.ConfigureConsole(console);
            infer.Settings.Registrar.RegisterInstance(terminal);
            infer.SetExceptionHandler((exception, _) => Failure.Show(errors, exception));
            infer.AddBranch("model", model =>
            {
                model.SetDescription("Push, list, show, alias and delete models.");
                model.AddCommand<ModelPushCommand>("push").WithDescription("Push a model as its next version.");
                model.AddCommand<ModelListCommand>("list").WithDescription("List models.");
                model.AddCommand<ModelShowCommand>("show").WithDescription("Show one version of a model.");
                model.AddCommand<ModelAliasCommand>("alias").WithDescription("Point an alias such as prod to a version.");
                model.AddCommand<ModelSetCommand>("set").WithDescription("Change how a model is served, while it serves.");
                model.AddCommand<ModelCanaryCommand>("canary").WithDescription("Have a second version answer a part of an alias' requests.");
                model.AddCommand<ModelShadowCommand>("shadow").WithDescription("Compare a version's answers with those of an alias, without giving them.");
                model.AddCommand<ModelPromoteCommand>("promote").WithDescription("Point an alias to its canary.");
                model.AddCommand<ModelRollbackCommand>("rollback").WithDescription("End an alias' canary, or point the alias back to the version before.");
                model.AddCommand<ModelOptimizeCommand>("optimize").WithDescription("Make a smaller version, published only if it is as good.");
                model.AddCommand<ModelPartitionCommand>("partition").WithDescription("Cut a graph into stages that answer as the whole, and publish them as one model.");
                model.AddCommand<ModelDeleteCommand>("delete").WithDescription("Delete a version, or a whole model.");
            });
            infer.AddBranch("batch", batch =>
            {
                batch.SetDescription("Run files of up to 50,000 requests, each answered exactly once.");
                batch.AddCommand<BatchSubmitCommand>("submit").WithDescription("Upload a file of requests and create a batch.");
                batch.AddCommand<BatchStatusCommand>("status").WithDescription("Show a batch.");
                batch.AddCommand<BatchListCommand>("list").WithDescription("List batches, the newest first.");
                batch.AddCommand<BatchDownloadCommand>("download").WithDescription("Write the answers of a batch into files.");
                batch.AddCommand<BatchCancelCommand>("cancel").WithDescription("Cancel a batch; what is answered is kept.");
                batch.AddCommand<BatchRedriveCommand>("redrive").WithDescription("Run the shards of a batch again that were given up.");
            });
            infer.AddBranch("key", key =>
            {
                key.SetDescription("Make and end the API keys of tenants, with an operator's key.");
                key.AddCommand<KeyCreateCommand>("create").WithDescription("Make a key; it is shown once.");
                key.AddCommand<KeyListCommand>("list").WithDescription("List keys.");
                key.AddCommand<KeyRotateCommand>("rotate").WithDescription("Put a new key in the place of one, which lives on for a while.");
                key.AddCommand<KeyRevokeCommand>("revoke").WithDescription("End a key at once.");
            });
            infer.AddBranch("tenant", tenant =>
            {
                tenant.SetDescription("Limit what tenants may ask for, while the platform runs, with an operator's key.");
                tenant.AddCommand<TenantListCommand>("list").WithDescription("List the tenants with limits of their own.");
                tenant.AddCommand<TenantShowCommand>("show").WithDescription("Show the limits that hold for a tenant.");
                tenant.AddCommand<TenantSetCommand>("set").WithDescription("Set some of a tenant's own limits.");
                tenant.AddCommand<TenantResetCommand>("reset").WithDescription("Give a tenant the limits of the configuration back.");
            });
            infer.AddBranch("budget", budget =>
            {
                budget.SetDescription("Limit what tenants may spend.");
                budget.AddCommand<BudgetSetCommand>("set").WithDescription("Set what a tenant may spend in a month, or a day.");
            });
            infer.AddCommand<TopCommand>("top").WithDescription("Watch replicas, models, load and cost, with an operator's key.");
            infer.AddCommand<AuditCommand>("audit").WithDescription("Show what operators did on a day.");
            infer.AddCommand<WarmCommand>("warm").WithDescription("Start a replica and load models ahead of their requests.");
            infer.AddCommand<RunCommand>("run").WithDescription("Send an Open Inference Protocol request.");
            infer.AddCommand<EmbedCommand>("embed").WithDescription("Embed texts and compare them.");
            infer.AddCommand<CompleteCommand>("complete").WithDescription("Continue a text, shown as it comes.");
            infer.AddCommand<ChatCommand>("chat").WithDescription("Talk with a model; each line of a pipe is a message.");
            infer.AddCommand<CostCommand>("cost").WithDescription("Show what was spent, by tenant, model or day.");
            infer.AddCommand<SimulateCommand>("simulate").WithDescription("Say what the scale rules would make of a trace of requests.");
            infer.AddCommand<DemoCommand>("demo").WithDescription("Start the platform on this machine and run its main job.");
        });
        return app;
    }
}
