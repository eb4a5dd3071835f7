namespace EPimorfosi.Gateway.Pages.Centre;

// What these pages use of the services' answers; as in Records.cs.

/// <summary>A programme of the centre's own, or the trainer's.</summary>
sealed record OwnProgramme(
    string Code, string Period, int Version, string Cluster, string Category, string Title, string Centre, string CentreName, string Prefecture, int Minimum, int Maximum,
    DateOnly StartsOn, IReadOnlyList<string> Slots, IReadOnlyList<string> Trainers);

/// <summary>What a timetable adds up to (R3).</summary>
public sealed record TimetableSum(
    int Sessions, int SupportMeetings, int LiveHours, int AsynchronousHours, int Hours, int HoursNeeded, int FaceToFace, int Weeks, DateOnly? LastMeeting, IReadOnlyList<TimetableFault> Faults);

public sealed record TimetableFault(string? Field, string? Rule, string Reason);

sealed record Member(string LastName, string FirstName, string Specialty, string Schools, bool? Confirmed);
