using Microsoft.Extensions.Caching.Memory;

namespace EPimorfosi.Gateway.Accounts;

/// <summary>
/// How often a name was tried in vain, whether or not it exists: who has tried five times is told that they must wait and what they can do, and nobody learns from it which names
/// there are. What really locks an account is Identity's own count.
/// </summary>
sealed class FailedNames(IMemoryCache cache, TimeProvider clock)
{
    internal static readonly TimeSpan Wait = TimeSpan.FromMinutes(5);
    internal const int Most = 5;

    /// <returns>Until when to wait; null if one may try again.</returns>
    public DateTimeOffset? Failed(string? userName)
    {
        var tries = cache.GetOrCreate(Key(userName), entry =>
        {
            entry.SlidingExpiration = Wait;
            return new Tries();
        })!;
        lock (tries)
        {
            if (tries.Until < clock.GetUtcNow())
            {
                (tries.Count, tries.Until) = (0, null);
            }
            return ++tries.Count >= Most ? tries.Until ??= clock.GetUtcNow() + Wait : null;
        }
    }

    public void Forget(string? userName) => cache.Remove(Key(userName));

    static string Key(string? userName) => $"failed/{string.Concat((userName ?? "").Trim().ToUpperInvariant().Take(100))}";

    sealed class Tries
    {
        public int Count { get; set; }

        public DateTimeOffset? Until { get; set; }
    }
}
