namespace Serverless.FunctionsHost.Http;

internal enum AuthorizationLevel
{
    Anonymous,
    Function,
    Admin,
}
