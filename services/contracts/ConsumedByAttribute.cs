namespace EPimorfosi.Contracts;

/// <summary>
/// The services that receive a message. Every process declares the queues of all of them before it publishes, so a message sent while
/// a consumer has never yet been started is kept for it. A queue is named <c>{service}.{message-in-kebab-case}</c>.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ConsumedByAttribute(params string[] services) : Attribute
{
    public IReadOnlyList<string> Services { get; } = services;
}

/// <summary>A text in the two languages of the product.</summary>
public record LocalText(string El, string En);
