using Spectre.Console.Cli;
using TinyLm.Commands;

using var stopping = new CancellationTokenSource();
Console.CancelKeyPress += (_, e) =>
{
    e.Cancel = true;
    stopping.Cancel();
};

var app = new CommandApp();
app.Configure(configuration =>
{
    configuration.SetApplicationName("tinylm");
    configuration.AddCommand<TrainCommand>("train").WithDescription("Train the model and write its package.");
    configuration.AddCommand<DistillCommand>("distill").WithDescription("Train a smaller student on the model's answers.");
    configuration.AddCommand<SampleCommand>("sample").WithDescription("Print text of a training.");
});
return await app.RunAsync(args, stopping.Token);
