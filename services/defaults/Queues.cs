namespace EPimorfosi.Defaults;

/// <summary>The queues of all services.</summary>
public static class Queues
{
    /// <summary>What a consumer failed to take in waits in the queue of the same name with this at its end.</summary>
    public const string ErrorEnding = "_error";

    public static IReadOnlyCollection<string> All => Bus.Queues;
}
