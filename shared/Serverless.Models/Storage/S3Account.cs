using Amazon;
using Amazon.Runtime;
using Amazon.S3;
using Microsoft.Extensions.Configuration;

namespace Serverless.Models.Storage;

/// <summary>
/// Clients of S3 and what speaks its protocol: <c>S3:serviceUrl</c> is the endpoint (without it, Amazon's in <c>S3:region</c>); who asks is
/// found as everywhere in Amazon's SDK: environment, profile, role of the machine.
/// </summary>
internal static class S3Account
{
    public const string Scheme = "s3";

    public static IAmazonS3 CreateClient(IConfiguration configuration)
    {
        var endpoint = configuration["S3:serviceUrl"];
        if (!string.IsNullOrEmpty(endpoint) && !Uri.IsWellFormedUriString(endpoint, UriKind.Absolute))
            throw new InvalidOperationException($"S3:serviceUrl is not an absolute URL: '{endpoint}'.");
        return new AmazonS3Client(Configure(endpoint, configuration["S3:region"]));
    }

    /// <summary>Settings that endpoints other than Amazon's understand too.</summary>
    public static AmazonS3Config Configure(string? endpoint, string? region)
    {
        var config = new AmazonS3Config
        {
            MaxErrorRetry = 3,
            // The SDK's own checksums are not known everywhere, and every content is verified by its hash anyway.
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        };
        if (!string.IsNullOrEmpty(endpoint))
        {
            config.ServiceURL = endpoint;
            config.ForcePathStyle = true;
            config.AuthenticationRegion = string.IsNullOrEmpty(region) ? "us-east-1" : region;
        }
        else if (!string.IsNullOrEmpty(region))
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(region);
        }

        return config;
    }
}
