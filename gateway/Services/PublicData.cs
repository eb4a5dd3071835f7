namespace EPimorfosi.Gateway.Services;

static class PublicDataSetup
{
    internal static void AddPublicData(this IServiceCollection services, IConfiguration configuration) { }
}
