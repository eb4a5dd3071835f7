using EPimorfosi.Notifications.Sending;

namespace EPimorfosi.Notifications.Tests;

public class BackoffTests
{
    static readonly TimeSpan First = TimeSpan.FromSeconds(10);
    static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    [Theory]
    [InlineData(1, 1, 10)]
    [InlineData(1, 0, 5)]
    [InlineData(3, 1, 40)]
    [InlineData(9, 1, 2560)]
    [InlineData(10, 1, 3600)]
    [InlineData(1000, 0, 1800)]
    public void The_wait_doubles_up_to_a_limit_and_is_scattered_over_its_upper_half(int failures, double jitter, double seconds) =>
        Assert.Equal(seconds, Backoff.After(failures, First, Longest, jitter).TotalSeconds);
}
