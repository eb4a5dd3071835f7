using EPimorfosi.Defaults;
using EPimorfosi.Gateway;
using EPimorfosi.Gateway.Accounts;
using EPimorfosi.Gateway.Documents;
using EPimorfosi.Gateway.Exports;
using EPimorfosi.Gateway.Guards;
using EPimorfosi.Gateway.Imports;
using EPimorfosi.Gateway.Operations;
using EPimorfosi.Gateway.Pages;
using EPimorfosi.Gateway.Proxy;
using EPimorfosi.Gateway.Tokens;

var builder = WebApplication.CreateBuilder(args);
builder.AddGatewayDefaults<GatewayDb>("gateway", prepared: 30);
builder.AddAccounts();
builder.AddInternalTokens();
builder.AddRateLimits();
builder.AddPageCache();
builder.AddProxy();
builder.AddOperations();
builder.AddImports();
builder.AddPages();

var app = builder.Build();
app.UseSecurityHeaders();
app.UsePageCache();
app.UseCompressionOfPublicResponses();
app.UseRouting();
app.UseGatewayDefaults();
app.UseRateLimiter();
app.UseCrossSiteRefusal();
app.UseFirstUse();
app.UseAntiforgery();
app.MapSignIn();
app.MapOutsideSignIn();
app.MapAccountImport();
app.MapJwks();
app.MapApiDocument();
app.MapOperations();
app.MapImports();
app.MapExports();
app.MapPages();
app.MapProxy();
app.Run();

/// <summary>The gateway: the one address of the system.</summary>
public partial class Program;
