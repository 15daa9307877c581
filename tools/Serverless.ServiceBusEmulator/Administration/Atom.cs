using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using Serverless.ServiceBusEmulator.Entities;

namespace Serverless.ServiceBusEmulator.Administration;

/// <summary>The envelope of the administration protocol.</summary>
internal static class Atom
{
    public static readonly XNamespace Namespace = "http://www.w3.org/2005/Atom";
    public static readonly XNamespace ServiceBus = "http://schemas.microsoft.com/netservices/2010/10/servicebus/connect";
    public static readonly XNamespace Instance = "http://www.w3.org/2001/XMLSchema-instance";
    public static readonly XNamespace Schema = "http://www.w3.org/2001/XMLSchema";

    public static XElement Entry(string title, XElement description) => new(
        Namespace + "entry",
        new XElement(Namespace + "title", new XAttribute("type", "text"), title),
        new XElement(Namespace + "content", new XAttribute("type", "application/xml"), description));

    public static XElement Feed(string title, IEnumerable<XElement> entries) => new(
        Namespace + "feed", new XElement(Namespace + "title", new XAttribute("type", "text"), title), entries);

    public static XElement Error(int statusCode, string detail) => new(
        "Error", new XElement("Code", statusCode.ToString(CultureInfo.InvariantCulture)), new XElement("Detail", detail));

    /// <summary>The description in an entry that a client sent.</summary>
    public static async Task<XElement> ReadAsync(Stream body, string wanted, CancellationToken cancellationToken)
    {
        try
        {
            // No document types and no entities: a body cannot make the parser fetch or multiply anything.
            var settings = new XmlReaderSettings { Async = true, DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null };
            using var reader = XmlReader.Create(body, settings);
            var entry = await XElement.LoadAsync(reader, LoadOptions.None, cancellationToken);
            return entry.Element(Namespace + "content")?.Element(ServiceBus + wanted)
                ?? throw new BrokerException(BrokerError.InvalidArgument, $"The entry holds no {wanted}.");
        }
        catch (XmlException exception)
        {
            throw new BrokerException(BrokerError.InvalidArgument, $"The body is not an Atom entry: {exception.Message}");
        }
    }
}
