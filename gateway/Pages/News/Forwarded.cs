namespace EPimorfosi.Gateway.Pages.News;

/// <summary>A form with its files, as the service takes it.</summary>
static class Forwarded
{
    internal static MultipartFormDataContent Of(IFormCollection form, params string[] fields)
    {
        var content = new MultipartFormDataContent();
        foreach (var field in fields)
        {
            content.Add(new StringContent(form[field].ToString()), field);
        }
        foreach (var file in form.Files.Where(f => f.Length > 0))
        {
            content.Add(new StreamContent(file.OpenReadStream()), "files", file.FileName);
        }
        return content;
    }
}
