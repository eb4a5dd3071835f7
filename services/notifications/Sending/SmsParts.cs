using System.Collections.Frozen;

namespace EPimorfosi.Notifications.Sending;

/// <summary>
/// In how many parts a text goes, as providers count and charge (3GPP TS 23.038): 160 of the GSM alphabet in one, 153 in each of several; with any
/// other character, as with Greek small letters, all is UCS-2: 70 in one, 67 in each of several.
/// </summary>
public record SmsParts(bool Ucs2, int Units, int Parts)
{
    static readonly FrozenSet<char> Basic =
        "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà".ToFrozenSet();

    /// <summary>Each takes two places.</summary>
    static readonly FrozenSet<char> Extension = "\f^{}\\[~]|€".ToFrozenSet();

    public static SmsParts Of(string text)
    {
        var ucs2 = !text.All(c => Basic.Contains(c) || Extension.Contains(c));
        return ucs2
            ? new(true, text.Length, text.Length <= 70 ? 1 : Filled(text, 67, _ => 1, char.IsHighSurrogate))
            : new(false, text.Sum(Places), text.Sum(Places) <= 160 ? 1 : Filled(text, 153, Places, _ => false));
    }

    static int Places(char c) => Extension.Contains(c) ? 2 : 1;

    /// <summary>A character is never torn in two: what does not fit whole goes into the next part.</summary>
    static int Filled(string text, int room, Func<char, int> places, Func<char, bool> first)
    {
        var (parts, used) = (1, 0);
        for (var i = 0; i < text.Length; i++)
        {
            var takes = first(text[i]) ? 2 : places(text[i]);
            (parts, used) = used + takes > room ? (parts + 1, takes) : (parts, used + takes);
            i += first(text[i]) ? 1 : 0;
        }
        return parts;
    }
}
