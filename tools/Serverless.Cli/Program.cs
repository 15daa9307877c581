using Serverless.Cli;
using Serverless.Cli.Demo;
using Serverless.Cli.Inference;
using Serverless.Cli.Models;
using Spectre.Console.Cli;

using var stopping = new CancellationTokenSource();
Console.CancelKeyPress += (_, e) =>
{
    e.Cancel = true;
    stopping.Cancel();
};

var app = new CommandApp();
app.Configure(infer =>
{
    infer.SetApplicationName("infer");
    infer.SetExceptionHandler((exception, _) => Failure.Show(exception));
    infer.AddBranch("model", model =>
    {
        model.SetDescription("Push, list, show and delete models.");
        model.AddCommand<ModelPushCommand>("push").WithDescription("Push a model as its next version.");
        model.AddCommand<ModelListCommand>("list").WithDescription("List models.");
        model.AddCommand<ModelShowCommand>("show").WithDescription("Show one version of a model.");
        model.AddCommand<ModelDeleteCommand>("delete").WithDescription("Delete a version, or a whole model.");
    });
    infer.AddCommand<RunCommand>("run").WithDescription("Send an Open Inference Protocol request.");
    infer.AddCommand<EmbedCommand>("embed").WithDescription("Embed texts and compare them.");
    infer.AddCommand<DemoCommand>("demo").WithDescription("Start the platform on this machine and run its main job.");
});
return await app.RunAsync(args, stopping.Token);
