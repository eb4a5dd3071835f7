using PhoneNumbers;

namespace EPimorfosi.Notifications.Sending;

/// <summary>Mobile numbers in the one form providers agree on, E.164; those without a country are Greek.</summary>
public static class Mobile
{
    static readonly PhoneNumberUtil Numbers = PhoneNumberUtil.GetInstance();

    /// <summary>Null for what no SMS can be sent to.</summary>
    public static string? E164(string written)
    {
        try
        {
            var number = Numbers.Parse(written, "GR");
            return Numbers.IsValidNumber(number) && Numbers.GetNumberType(number) is PhoneNumberType.MOBILE or PhoneNumberType.FIXED_LINE_OR_MOBILE
                ? Numbers.Format(number, PhoneNumberFormat.E164)
                : null;
        }
        catch (NumberParseException)
        {
            return null;
        }
    }
}
