namespace Serverless.ServiceBusEmulator.Topics;

internal enum RuleFilterKind
{
    True,
    False,
    Sql,
    Correlation,
}
