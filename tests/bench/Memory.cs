using System.Globalization;
using EPimorfosi.Load;

namespace EPimorfosi.Bench;

/// <summary>What each process takes of the memory during ten minutes of load: at the start, every minute, at the end.</summary>
sealed class Memory(PhaseBArguments options, Play play)
{
    const int Minutes = 10;

    public async Task Watch(Func<TimeSpan, Task> load)
    {
        var names = options.Processes.GetFiles().Select(file => file.Name).Where(name => !name.Contains('.', StringComparison.Ordinal)).Order(StringComparer.Ordinal).ToList();
        Console.WriteLine($"resident MB, period {play.Period}, 300 claims/s with Prefer: wait");
        Console.WriteLine($"{"minute",8}{string.Concat(names.Select(name => $"{name,15}"))}");
        Print(0, names);
        for (var minute = 1; minute <= Minutes; minute++)
        {
            await load(TimeSpan.FromMinutes(1));
            Print(minute, names);
        }
    }

    void Print(int minute, List<string> names) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{minute,8}{string.Concat(names.Select(name => $"{Resident(name),15}"))}"));

    long Resident(string name)
    {
        var pid = File.ReadAllText(Path.Combine(options.Processes.FullName, name)).Trim();
        var line = File.ReadLines($"/proc/{pid}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
    }
}
