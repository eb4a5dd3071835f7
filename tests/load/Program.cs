using System.Text;
using EPimorfosi.Load;
using Spectre.Console;

Console.OutputEncoding = Encoding.UTF8;
if (Arguments.Parse(args) is not ({ } options, var stampede))
{
    await Console.Error.WriteLineAsync(Arguments.Usage);
    return 2;
}
try
{
    return await (stampede is null ? Demo.Run(options, AnsiConsole.Console) : Stampede.Run(options, stampede, AnsiConsole.Console)) ? 0 : 1;
}
catch (Exception fault) when (fault is UnexpectedAnswerException or TimeoutException or HttpRequestException or FormatException or IOException)
{
    await Console.Error.WriteLineAsync($"The play stops here.\n{fault.Message}");
    return 1;
}
