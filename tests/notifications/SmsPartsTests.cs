using EPimorfosi.Notifications.Sending;

namespace EPimorfosi.Notifications.Tests;

/// <summary>What an SMS is counted as, and what numbers it may go to.</summary>
public class SmsPartsTests
{
    [Theory]
    [InlineData("a", 160, false, 1)]
    [InlineData("a", 161, false, 2)]
    [InlineData("a", 306, false, 2)]
    [InlineData("a", 307, false, 3)]
    [InlineData("€", 80, false, 1)]
    [InlineData("€", 81, false, 2)]
    [InlineData("Ω", 160, false, 1)]
    [InlineData("ω", 70, true, 1)]
    [InlineData("ω", 71, true, 2)]
    [InlineData("ω", 134, true, 2)]
    [InlineData("ω", 135, true, 3)]
    [InlineData("Ά", 1, true, 1)]
    public void Greek_small_letters_are_counted_by_seventy(string character, int times, bool ucs2, int parts)
    {
        var counted = SmsParts.Of(string.Concat(Enumerable.Repeat(character, times)));

        Assert.Equal((ucs2, parts), (counted.Ucs2, counted.Parts));
    }

    [Fact]
    public void No_character_is_torn_in_two()
    {
        Assert.Equal(3, SmsParts.Of(string.Concat(Enumerable.Repeat("😀", 67))).Parts); // 134 places, but 33 whole ones to a part
        Assert.Equal(3, SmsParts.Of(new string('a', 152) + "€" + new string('a', 152)).Parts);
    }

    [Theory]
    [InlineData("6900000001", "+306900000001")]
    [InlineData("690 000 0001", "+306900000001")]
    [InlineData("0030 690-0000001", "+306900000001")]
    [InlineData("+30 6900000001", "+306900000001")]
    [InlineData("+447400123456", "+447400123456")]
    [InlineData("2101234567", null)] // a land line
    [InlineData("69000000", null)]
    [InlineData("not a number", null)]
    public void Numbers_are_written_as_providers_want_them(string written, string? expected) => Assert.Equal(expected, Mobile.E164(written));
}
