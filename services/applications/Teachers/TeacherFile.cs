using System.Net.Mail;
using System.Text.RegularExpressions;
using EPimorfosi.Defaults;

namespace EPimorfosi.Applications;

/// <summary>The columns of the teachers' file, and what is wrong with a line of it. Pure.</summary>
public static partial class TeacherFile
{
    public static readonly string[] Columns =
    [
        "registry_number", "first_name", "last_name", "email", "mobile", "specialty", "schools", "language",
        "teaching_now", "b1_certified", "prior_b_level", "prior_pake", "prior_b2",
    ];

    /// <summary>A fault's column, its text's name under <c>Teacher.{name}</c>, and what to put into the text.</summary>
    public record Fault(string Column, string Text, string Value);

    /// <summary>The teacher of a line, or all that is wrong with it.</summary>
    public static (Teacher? Teacher, IReadOnlyList<Fault> Faults) Read(CsvRow row, IReadOnlySet<string> specialties, IReadOnlySet<string> schools)
    {
        var faults = new List<Fault>();
        string Cell(string column, Func<string, bool> right, string text)
        {
            var value = row[column];
            if (value.Length > 320 || value.Any(char.IsControl) || !right(value))
            {
                faults.Add(new(column, text, Short(value)));
            }
            return value;
        }
        bool Flag(string column) => Cell(column, value => bool.TryParse(value, out _), "Flag") is var value && bool.TryParse(value, out var flag) && flag;
        var teacher = new Teacher
        {
            RegistryNumber = Cell("registry_number", IsNumber, "Number"),
            Version = 1,
            FirstName = Cell("first_name", value => value.Length > 0, "Name"),
            LastName = Cell("last_name", value => value.Length > 0, "Name"),
            Email = Cell("email", IsEmail, "Email"),
            Mobile = Cell("mobile", value => value.Length == 0 || Mobile().IsMatch(Dense(value)), "Mobile") is { Length: > 0 } mobile ? Dense(mobile) : null,
            Specialty = Cell("specialty", specialties.Contains, "Specialty"),
            Schools = ReadSchools(row["schools"], schools, faults),
            Language = Cell("language", value => value is "" or "el" or "en", "Language") is "en" ? "en" : "el",
            TeachingNow = Flag("teaching_now"),
            B1Certified = Flag("b1_certified"),
            PriorBLevel = Flag("prior_b_level"),
            PriorPake = Flag("prior_pake"),
            PriorB2 = Flag("prior_b2"),
        };
        return (faults.Count == 0 ? teacher : null, faults);
    }

    /// <summary>The line of the export, which imported again changes nothing.</summary>
    public static string?[] Write(Teacher teacher) =>
    [
        teacher.RegistryNumber, teacher.FirstName, teacher.LastName, teacher.Email, teacher.Mobile, teacher.Specialty,
        string.Join('|', teacher.Schools), teacher.Language, Write(teacher.TeachingNow), Write(teacher.B1Certified),
        Write(teacher.PriorBLevel), Write(teacher.PriorPake), Write(teacher.PriorB2),
    ];

    /// <summary>R29: how a teacher is reached, as they correct it themselves; by the rules of the file.</summary>
    public static ((string Email, string? Mobile, string Language) Contacts, IReadOnlyList<Fault> Faults) ReadContacts(string? email, string? mobile, string? language)
    {
        var (mail, number, faults) = ((email ?? "").Trim(), Dense((mobile ?? "").Trim()), new List<Fault>());
        if (mail.Any(char.IsControl) || !IsEmail(mail))
        {
            faults.Add(new("email", "Email", Short(mail)));
        }
        if (number.Length > 0 && !Mobile().IsMatch(number))
        {
            faults.Add(new("mobile", "Mobile", Short(number)));
        }
        return ((mail, number.Length == 0 ? null : number, language == "en" ? "en" : "el"), faults);
    }

    static string Short(string value) => value.Length > 60 ? value[..60] + "…" : value;

    static string[] ReadSchools(string cell, IReadOnlySet<string> known, List<Fault> faults)
    {
        var codes = cell.Split('|', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (codes.Length == 0)
        {
            faults.Add(new("schools", "NoSchool", ""));
        }
        // No list of the schools abroad exists: the prefecture's code stands for any of them (R5).
        faults.AddRange(codes.Where(code => code != Candidate.Abroad && !known.Contains(code)).Select(code => new Fault("schools", "School", Short(code))));
        return [.. codes.Distinct().Order(StringComparer.Ordinal)];
    }

    /// <summary>Whether this can be a registry number at all.</summary>
    public static bool IsNumber(string value) => Number().IsMatch(value);

    static string Write(bool value) => value ? "true" : "false";

    static string Dense(string number) => Spacing().Replace(number, "");

    static bool IsEmail(string value) =>
        value.Length <= 254 && Email().IsMatch(value) && MailAddress.TryCreate(value, out var address) && address.Address == value;

    [GeneratedRegex(@"^[A-Za-z0-9.-]{1,40}\z")]
    private static partial Regex Number();

    [GeneratedRegex(@"^[^@\s""<>,;]+@[^@\s.]+(\.[^@\s.]+)+\z")]
    private static partial Regex Email();

    [GeneratedRegex(@"^(\+[1-9][0-9]{6,14}|[0-9]{10,15})\z")]
    private static partial Regex Mobile();

    [GeneratedRegex(@"[\s().-]")]
    private static partial Regex Spacing();
}
